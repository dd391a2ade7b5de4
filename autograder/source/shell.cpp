// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A pipe from the shell.
#include "autograder/source/shell.hpp"

#include "autograder/source/source_tree.hpp"

#include <array>
#include <cstdio>

namespace grade {

std::string shell_quoted(const std::string& text) {
    std::string result = "'";
    for (const char letter : text) {
        result += letter == '\'' ? "'\\''" : std::string(1, letter);
    }
    return result + "'";
}

std::optional<std::string> output_of_limited(const std::string& command, std::size_t most) {
    std::FILE* pipe = popen(command.c_str(), "re");
    if (pipe == nullptr) {
        throw EnvironmentError("no process can be started");
    }
    std::string output;
    std::array<char, 65536> buffer{};
    while (const std::size_t count = std::fread(buffer.data(), 1, buffer.size(), pipe)) {
        output.append(buffer.data(), count);
        if (output.size() > most) {
            break; // the command ends when it writes more
        }
    }
    const bool is_good = pclose(pipe) == 0 && output.size() <= most;
    return is_good ? std::optional(std::move(output)) : std::nullopt;
}

} // namespace grade
