// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Looking capabilities up. A CSpace is a tree of CNodes; a capability pointer is resolved from
/// its high bits down, at each CNode first the guard, then an index of `radix` bits:
///
///     cptr, 64 bits   | guard | index | guard | index | ... | bits left |
///                     '---- CNode ----'---- CNode ----'
///
/// Always holds: a lookup changes nothing and ends after at most 64 levels, because a CNode without
/// guard and radix cannot be made.
/// Reference: seL4 manual 3.3. Read next: cspace.cpp, cnode.hpp.
/// @stage{1}
#pragma once

#include "kernel/cap/slot.hpp"
#include "kernel/lib/result.hpp"

namespace cspace {

/// Where a lookup ended. `bits_left` is more than 0 if it met a capability that is no CNode before
/// all bits were used.
struct Found {
    Slot* slot;
    unsigned bits_left;
};

template <class T>
using Lookup = std::expected<T, LookupFault>;

/// Follows the last `depth` bits of `cptr` from the CNode capability `root`. @pre depth is 1 to 64
[[nodiscard]] Lookup<Found> resolve(const Cap& root, CPtr cptr, unsigned depth);

/// @cond NONE
/// What most lookups are, in a few instructions: one CNode resolves all 64 bits. Null where it is
/// not as simple as that, or fails.
[[nodiscard, gnu::always_inline]] inline Slot* simple_slot_of(const Cap& root, CPtr cptr) {
    if (!root.is<CNodeCap>())
        return nullptr;
    const auto cnode = root.as<CNodeCap>();
    const unsigned radix = cnode.radix();
    if (cnode.guard_size() + radix != 64 || cptr >> radix != cnode.guard())
        return nullptr;
    return cnode.slots() + (cptr & mask(radix));
}

/// @endcond
/// The slot that a thread names when it invokes `cptr`: bits that are left do not matter.
[[nodiscard]] inline Lookup<Slot*> slot_of(const Cap& root, CPtr cptr) {
    /// @cond NONE
    if (Slot* slot = simple_slot_of(root, cptr); slot != nullptr)
        return slot;
    /// @endcond
    const auto found = resolve(root, cptr, 64);
    if (!found)
        return std::unexpected(found.error());
    return found->slot;
}

/// The slot that an operation on CNodes names: exactly `depth` bits of `index`, from `root`.
/// `of_source`: what the error says.
[[nodiscard]] Result<Slot*> slot_at(const Cap& root, CPtr index, Word depth,
                                    bool of_source = false);

/// The same, and it must be empty: delete_first if not.
[[nodiscard]] Result<Slot*> empty_slot_at(const Cap& root, CPtr index, Word depth);

/// The same, and it must not be empty: failed_lookup, missing capability, if it is.
[[nodiscard]] Result<Slot*> full_slot_at(const Cap& root, CPtr index, Word depth);

/// The error that a slot, named with `depth` bits, is empty.
[[nodiscard]] inline std::unexpected<Failure> missing(Word depth, bool of_source) {
    return failed_lookup({.type = abi::LookupFailure::missing_capability, .bits_left = depth},
                         of_source);
}

} // namespace cspace
