// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// ELF files as a board's memory wants them: of 64 bits, little-endian, linked to fixed addresses.
/// Read next: device_tree.hpp.
#pragma once

#include "autograder/board/link.hpp"

namespace grade {

/// What goes to one place of memory.
struct Segment {
    std::uint64_t address = 0;
    Bytes bytes;
};

struct Image {
    std::vector<Segment> segments;
    std::uint64_t entry = 0; ///< a physical address
    std::uint64_t end = 0;   ///< of the memory that it takes, what is zero at first included
};

/// A program that starts with translation off. @throws EnvironmentError if it is none
[[nodiscard]] Image image_of(std::span<const std::uint8_t> elf);

/// The same program without what only debuggers read. @throws EnvironmentError if it is none
[[nodiscard]] Bytes stripped(std::span<const std::uint8_t> elf);

} // namespace grade
