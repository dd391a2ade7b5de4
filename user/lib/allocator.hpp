// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Hands out what a program has: empty slots of its CSpace, and memory as objects.
///
/// Memory is kept as untypeds of powers of two. If none has the size that is wanted, a larger one
/// is retyped into two halves; when both halves come back, they are deleted and the larger one is
/// whole again. So a program that returns everything has exactly what it began with.
///
///     2^14 |              split             |
///     2^13 |      split     |      free     |
///     2^12 | object | free  |
///
/// Each slot has a record, in memory that the owner brings along. Not interlocked: threads that
/// share an allocator take turns by themselves.
/// Read next: vspace.hpp.
/// @stage{1}
#pragma once

#include "user/lib/objects.hpp"

#include <span>

namespace user {

using abi::CPtr;
using abi::ObjectType;
using abi::Word;

class Allocator {
public:
    /// What the allocator knows of a slot.
    struct Record;

    /// @pre the records are zero.
    constexpr explicit Allocator(std::span<Record> records) : records_(records) {}

    /// Takes the slots of a region; at most as many as there are records. Called once, first.
    void take_slots(abi::SlotRegion region);

    /// The same region is longer, up to `end`: from now on these are the records, which are zero.
    void take_more_slots(std::span<Record> records, CPtr end);

    /// Takes an untyped, which lies outside the region. False if there is no slot for it.
    bool take_untyped(CPtr untyped, unsigned bits);
    /// The same with an untyped of devices, whose physical address matters.
    bool take_device_untyped(CPtr untyped, unsigned bits, Word paddr);

    /// An empty slot, or the first of `count` neighbours; 0 if there is none.
    CPtr slot(Word count = 1);
    /// Empties the slots and takes them back.
    void release_slot(CPtr first, Word count = 1);

    /// A new object; 0 if memory or slots are used up. `size_bits` as for Untyped_Retype.
    CPtr make(ObjectType type, unsigned size_bits = 0);
    /// The untyped of 2^bits bytes of devices around an address; 0 if it is taken or there is none.
    CPtr device_untyped(Word paddr, unsigned bits = abi::page_bits);
    /// The frame of 4 KiB with these device registers; likewise.
    CPtr device_frame(Word paddr);
    /// Destroys an object that one of these made, and every capability to it.
    void destroy(CPtr object);

    /// Forgets everything, for a new start; the owner revokes the untypeds it gave.
    void reset();

    [[nodiscard]] Word free_slots() const;
    /// Memory that is not in use, in bytes; devices do not count.
    [[nodiscard]] Word free_bytes() const;

private:
    using Index = uint32_t; ///< of a record, counted from 1; 0: none

    [[nodiscard]] CPtr slot_of(Index index) const { return first_ + index - 1; }
    [[nodiscard]] Index index_of(CPtr slot) const { return static_cast<Index>(slot - first_ + 1); }
    [[nodiscard]] Record& record(Index index) const;

    Index add_untyped(CPtr untyped, unsigned bits);
    Index take(unsigned bits);
    Index split(Index index);
    void give_back(Index index);
    void push(Index index);
    void remove(Index index);
    CPtr object_in(Index memory, ObjectType type, unsigned size_bits);
    void clear(Index index);

    std::span<Record> records_;
    CPtr first_ = 0; ///< slot of the first record
    Word used_ = 0;  ///< records that stand for a slot of the region
    Word full_ = 0;  ///< none of so many first slots is free
    Index free_[abi::greatest_untyped_bits + 1] = {}; ///< lists of free untypeds, by log2 of size
};

struct Allocator::Record {
    enum class State : uint8_t {
        free,          ///< the slot is empty
        lent,          ///< the slot was asked for
        object,        ///< holds an object; its memory is `parent`
        free_untyped,  ///< in a list
        split_untyped, ///< has two halves
        used_untyped,  ///< is in use itself, or holds one object
        free_device,   ///< as free_untyped, but of devices: in no list
    };
    Index parent = 0; ///< what it is a half of, or an object in; 0: nothing of ours
    Index next = 0;   ///< in the list of its size
    State state = State::free;
    uint8_t bits = 0;    ///< untypeds: log2 of the size in bytes
    bool second = false; ///< of two halves
    bool device = false;
    uint32_t page = 0; ///< device untypeds: physical address / 4096
};

} // namespace user
