// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Errors of compilers and linkers, and where they are.
/// Read next: build.hpp.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace grade {

struct CompilerMessage {
    std::string file; ///< from the top folder
    int line = 0;
    std::string text; ///< the first line of what it says

    bool operator==(const CompilerMessage&) const = default;
};

/// The errors in what a build printed, in its order, each place once; from clang, g++, ld.lld and
/// GNU ld. Warnings are errors in this tree, so they come as such.
[[nodiscard]] std::vector<CompilerMessage> read_errors(std::string_view output);

} // namespace grade
