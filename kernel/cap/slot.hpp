// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A slot holds a capability and its place in the derivation tree (mdb.hpp). CNodes are arrays of
/// slots, and every TCB begins with some.
/// Guard: the kernel lock, for every slot.
/// Read next: mdb.hpp.
/// @stage{1}
#pragma once

#include "kernel/cap/views.hpp"

/// Links of a slot in the derivation tree, with two flags in the low bits of a pointer.
class MdbLinks {
public:
    [[nodiscard]] Slot* prev() const { return reinterpret_cast<Slot*>(prev_); }
    [[nodiscard]] Slot* next() const { return reinterpret_cast<Slot*>(next_ & ~flags); }
    /// Can capabilities be derived that are children of this one?
    [[nodiscard]] bool revocable() const { return (next_ & revocable_flag) != 0; }
    /// Is it the first of its badge, so that copies of it are its children?
    [[nodiscard]] bool first_badged() const { return (next_ & first_badged_flag) != 0; }

    void set_prev(Slot* slot) { prev_ = reinterpret_cast<Word>(slot); }
    void set_next(Slot* slot) { next_ = reinterpret_cast<Word>(slot) | (next_ & flags); }
    void set_flags(bool revocable, bool first_badged) {
        next_ = (next_ & ~flags) | (revocable ? revocable_flag : 0) |
                (first_badged ? first_badged_flag : 0);
    }

private:
    static constexpr Word revocable_flag = 1;
    static constexpr Word first_badged_flag = 2;
    static constexpr Word flags = revocable_flag | first_badged_flag;

    Word prev_ = 0;
    Word next_ = 0;
};

struct alignas(1 << abi::slot_bits) Slot {
    Cap cap;
    MdbLinks mdb;

    [[nodiscard]] bool empty() const { return cap.null(); }
};
static_assert(sizeof(Slot) == 1 << abi::slot_bits);
