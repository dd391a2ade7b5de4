// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The CNode of the root task while it is filled. Each capability begins a derivation tree of its
/// own: nobody can revoke what the root task got.
/// Read next: kernel/boot/root_task.cpp.
/// @stage{1}
#pragma once

#include "kernel/abi/boot_info.hpp"
#include "kernel/boot/regions.hpp"
#include "kernel/cap/slot.hpp"

class RootCNode {
public:
    /// Of 2^radix slots in cleared memory. A pointer of 64 bits names a slot by its number.
    RootCNode(PAddr slots, unsigned radix);

    [[nodiscard]] CNodeCap cap() const { return cap_; }
    /// The slot that comes next.
    [[nodiscard]] Word next() const { return next_; }

    void put(abi::RootSlot slot, const Cap& cap) { put(static_cast<Word>(slot), cap); }
    /// Puts a capability into the next slot.
    void add(const Cap& cap) { put(next_++, cap); }
    /// Puts a copy of the capability in `source` into an empty slot of a thread.
    void copy(abi::RootSlot source, Slot& copy);

    /// Adds untypeds that cover `regions`, in ascending order, and describes them in `info`, for
    /// as long as there is room in its list.
    void add_untypeds(const Regions& regions, bool device, abi::BootInfo& info);

private:
    void put(Word slot, const Cap& cap);

    CNodeCap cap_;
    Word next_ = abi::first_free_slot;
};
