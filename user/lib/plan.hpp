// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// How much a process takes, computed from its image and its needs before anything is made. All its
/// objects are retyped from one untyped, in the order of their sizes, so that nothing is lost
/// between them:
///
///     | own memory | allocator's | CNode | frames ... | root page table | TCB | notification |
///
/// and all their capabilities are in one row of slots of who starts it. Frames are those of the
/// image, the stack, the message buffer, the start block, and *books*: what who starts it must
/// remember of the process lies in memory of the process, which only the starter sees.
/// Read next: process.cpp.
/// @stage{2}
#pragma once

#include "kernel/abi/object.hpp"
#include "user/lib/elf.hpp"

namespace user {

struct Plan {
    /// Slots of the row; then come those of frames, then those of the process's allocator.
    enum Slot : unsigned {
        own,
        inner, ///< the untyped of the process's allocator
        cnode,
        root,
        tcb,
        notification,
        block_copy, ///< the start block as it is mapped here
        uart,
        first_frame,
    };
    static constexpr Word stack_pages = 8;
    static constexpr Word most_slots = 16384; ///< of a process
    // What lies in books and behind the start block: process.cpp looks whether it is so.
    static constexpr Word record_bytes = 16; ///< of an allocator, for each slot
    /// @cond LAB5
    static constexpr Word place_bytes = 12; ///< of a peer
    /// @endcond

    unsigned memory_bits = 0; ///< log2 of bytes of the whole
    unsigned own_bits = 0;
    unsigned inner_bits = 0;
    unsigned cnode_bits = 0; ///< log2 of slots
    Word image_pages = 0;
    Word block_pages = 0; ///< start block and the records of the program's allocator
    Word book_pages = 0;
    Word inner_slots = 0;

    /// What of an image can be loaded. `bytes_for_peer`: what the starter wants to remember of
    /// each peer.
    Plan(const Elf& elf, Word bytes_for_peer);

    /// Is it small enough?
    [[nodiscard]] bool possible() const { return memory_bits != 0; }

    // Frames, by their place in the row.
    [[nodiscard]] Word stack() const { return image_pages; }
    [[nodiscard]] Word buffer() const { return stack() + stack_pages; }
    [[nodiscard]] Word block() const { return buffer() + 1; }
    [[nodiscard]] Word books() const { return block() + block_pages; }
    /// @cond LAB5
    [[nodiscard]] Word hint() const { return books() + book_pages; }
    [[nodiscard]] Word spare() const { return hint() + 1; }
    /// @endcond
    [[nodiscard]] Word frames() const {
        Word count = books() + book_pages;
        /// @cond LAB5
        count += 2;
        /// @endcond
        return count;
    }
    [[nodiscard]] Word first_inner_slot() const { return first_frame + frames(); }
    [[nodiscard]] Word slots() const { return first_inner_slot() + inner_slots; }
};

} // namespace user
