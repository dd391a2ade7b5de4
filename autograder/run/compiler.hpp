// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Which compiler a toolchain is on this machine. What speed is worth depends on it.
/// Read next: bands.hpp.
#pragma once

#include <string>

namespace grade {

struct Compiler {
    std::string toolchain; ///< make's TOOLCHAIN: "llvm", "gnu"
    std::string version;   ///< "19.1.7"; empty if this machine has none

    /// "llvm 19.1.7", as results have it.
    [[nodiscard]] std::string text() const;
    /// "llvm-19", as bands are called.
    [[nodiscard]] std::string bands() const;
};

[[nodiscard]] Compiler find_compiler(const std::string& toolchain);

} // namespace grade
