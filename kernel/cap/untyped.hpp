// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Untyped memory and the making of objects. Memory is handed out from an untyped's start upwards
/// (the watermark); when its last child is gone it starts anew. User programs see only zeroes in
/// new memory: what is given out is cleared first, page by page, so that it can be interrupted.
///
/// Always holds: the objects of an untyped lie below its watermark and do not overlap.
/// Reference: seL4 manual 2.4. Read next: untyped.cpp.
/// @stage{1}
#pragma once

#include "kernel/abi/invocation.hpp"
#include "kernel/cap/slot.hpp"
#include "kernel/syscall/invocation.hpp"

namespace untyped {

/// What a retype will do, once everything was checked.
struct Plan {
    abi::ObjectType type;
    unsigned size_bits; ///< as the caller gave it
    unsigned object_bits;
    Slot* first; ///< `count` empty slots
    Word count;
    Word start; ///< offset of the first object in the untyped
    bool fresh; ///< the untyped has no children: it starts anew

    [[nodiscard]] Word end() const { return start + (count << object_bits); }
};

/// Invocation Untyped_Retype.
Result<Outcome> retype(Invocation& call, Slot& slot, const abi::UntypedRetype& message);

/// Offset at which the next object of 2^object_bits bytes can begin, if `count` of them fit.
/// The error tells how many bytes are free.
[[nodiscard]] Result<Word> place(const UntypedCap& untyped, bool fresh, unsigned object_bits,
                                 Word count);

/// Makes the objects of a plan and puts capabilities to them into its slots. @pre memory is clean
void create(Slot& untyped, const Plan& plan);

/// Clears the memory that a plan will use. False if it was interrupted: what is done is noted in
/// the untyped.
[[nodiscard]] bool clear(Slot& untyped, const Plan& plan);

/// The capability of a new object at `address`; the object is initialised.
[[nodiscard]] Cap make_object(abi::ObjectType type, PAddr address, unsigned size_bits, bool device);

} // namespace untyped
