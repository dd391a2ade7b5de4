// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Other programs, started without a shell: an argument is passed as it is, whatever is in it.
/// Input and outputs are files in memory, so neither side can wait for the other.
/// Always holds: the program does not see this one's GIT_ variables, which a hook or an alias of
/// git may have set and which would lead it to another repository.
/// Read next: git.hpp.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace grade {

struct Program {
    std::vector<std::string> arguments; ///< the program, searched in PATH, and its arguments
    std::string input = {};
    std::filesystem::path folder = {};         ///< empty: this one's
    std::vector<std::string> environment = {}; ///< NAME=value, added to this one's
};

struct Finished {
    int status; ///< 128 and the signal's number if one ended it, as shells have it
    std::string output;
    std::string error;
};

/// @throws EnvironmentError if there is no such program or no process can be made
[[nodiscard]] Finished run(const Program& command);

} // namespace grade
