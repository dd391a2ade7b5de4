// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The root task's program file: everything about it is checked here, before any of it is used.
/// What this accepts can be loaded with no further question.
/// Reference: System V ABI, chapters 4 and 5. Read next: kernel/boot/root_task.cpp.
/// @stage{1}
#pragma once

#include "kernel/lib/types.hpp"

#include <expected>
#include <span>

namespace elf {

/// As the file has it; only segments of type `load` count.
struct ProgramHeader {
    static constexpr uint32_t load = 1;

    uint32_t type, flags;
    Word offset; ///< of its bytes in the file
    Word vaddr, paddr;
    Word file_size, memory_size; ///< what exceeds the bytes of the file is zero
    Word alignment;

    [[nodiscard]] bool loaded() const { return type == load && memory_size > 0; }
};
static_assert(sizeof(ProgramHeader) == 56);

/// A file that has passed the checks.
struct Image {
    std::span<const uint8_t> file;
    Word headers_offset;
    unsigned headers;
    VAddr entry;
    VAddr start; ///< of the first page
    VAddr end;   ///< behind the last page

    [[nodiscard]] ProgramHeader header(unsigned index) const;
    [[nodiscard]] Word size() const { return end - start; }
};

/// What is wrong: a text that goes on after "segment 2 ", or "the file " if segment is -1.
struct Refusal {
    int segment;
    const char* text;
};

/// Checks the program in `file`. `limit` is the first address that it may not use.
[[nodiscard]] std::expected<Image, Refusal> check(std::span<const uint8_t> file, VAddr limit);

} // namespace elf
