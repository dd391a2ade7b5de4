// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What a program needs of who starts it, said by the program itself, as a note in its ELF file.
/// One line in its source says it; a program without that line gets the defaults:
///
///     [[gnu::section(".note.rel4"), gnu::used]]
///     constexpr user::NeedsNote needs{{.memory = 32 * 1024, .slots = 64}};
///
/// Words of 32 bits, so that the struct is the note's contents as they are.
/// Read next: elf.hpp, which reads it; plan.hpp, which makes sizes of it.
/// @stage{2}
#pragma once

#include "kernel/abi/object.hpp"

#include <bit>

namespace user {

struct Needs {
    uint32_t memory = 512 * 1024; ///< bytes for its own use: a power of two, a page at least
    uint32_t slots = 940;         ///< of its CSpace, for its own use
    /// @cond LAB5
    uint32_t peers = 16;           ///< that it can have at a time; the broker is one
    uint32_t buffers = 256 * 1024; ///< bytes for the buffers of connections that it makes
    /// @endcond

    static constexpr uint32_t most_memory = 1U << 30;
    static constexpr uint32_t most_slots = 1U << 14;
    /// @cond LAB5
    static constexpr uint32_t most_peers = 256;
    static constexpr uint32_t most_buffers = 1U << 24;
    /// @endcond

    [[nodiscard]] constexpr bool valid() const {
        return std::has_single_bit(memory) && memory >= 1U << abi::page_bits &&
               memory <= most_memory &&
               /// @cond LAB5
               peers != 0 && peers <= most_peers && buffers <= most_buffers &&
               /// @endcond
               slots <= most_slots;
    }
};

/// The note as it lies in the file: three sizes, the name, the contents.
struct NeedsNote {
    static constexpr uint32_t kind = 1;
    static constexpr char owner[] = "ReL4";

    uint32_t name_size = sizeof owner;
    uint32_t contents_size = sizeof(Needs);
    uint32_t type = kind;
    char name[8] = {'R', 'e', 'L', '4'};
    Needs needs;

    consteval explicit NeedsNote(const Needs& what) : needs(what) {
        if (!what.valid())
            are_not_possible(); // is no constant: an error of the compiler
    }
    static void are_not_possible();
};

} // namespace user
