// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The device tree of a board, with what a program is to know besides.
/// Read next: board.hpp.
#pragma once

#include "autograder/board/link.hpp"

namespace grade {

/// What is written into a device tree.
struct Chosen {
    std::string arguments; ///< the program's command line
    std::uint64_t initrd = 0;
    std::uint64_t initrd_end = 0;
    std::uint64_t reserved = 0; ///< memory that the program may not use
    std::uint64_t reserved_end = 0;
};

/// How much longer than `tree` the result may be, beside the arguments.
constexpr std::size_t room_for_chosen = 1024;

/// @throws BoardError if it is no device tree
[[nodiscard]] Bytes with_chosen(const Bytes& tree, const Chosen& chosen);

} // namespace grade
