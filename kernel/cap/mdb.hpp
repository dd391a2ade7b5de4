// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The derivation tree (seL4: mapping database): which capability came from which. It is kept as
/// one list of all capabilities, in the order in which a walk through the tree meets them
/// (preorder); who is whose child follows from what neighbours say:
///
///     untyped ── notification (badge 0) ─┬─ copy         list:  untyped, notification, copy,
///                                        └─ badge 7 ── copy     badge 7, copy
///
/// Always holds: a node's descendants follow it in the list without a gap; all capabilities to one
/// object stand together; next and prev agree.
/// Reference: seL4 manual 3.1.4. Read next: mdb.cpp, finalise.hpp.
/// @stage{1}
#pragma once

#include "kernel/cap/slot.hpp"
#include "kernel/lib/result.hpp"

namespace mdb {

/// Does everything that `b` names lie within what `a` names?
[[nodiscard]] bool same_region(const Cap& a, const Cap& b);

/// Do both name the same object? An untyped is never the same as what lies within it.
[[nodiscard]] bool same_object(const Cap& a, const Cap& b);

/// Is `child` derived from `parent`, as far as their capabilities and flags say? The answer counts
/// for slots of which `child` follows `parent` in the list with only descendants in between.
[[nodiscard]] bool is_parent(const Slot& parent, const Slot& child);

[[nodiscard]] bool has_children(const Slot& slot);

/// Is it the last capability to its object? @pre the slot is not empty.
[[nodiscard]] bool is_final(const Slot& slot);

/// The capability that a copy of the one in `source` would be; null if it cannot be copied.
/// `cap` is what lies in source, or that with fewer rights or another badge.
[[nodiscard]] Result<Cap> derive(const Slot& source, const Cap& cap);

/// Puts `cap`, derived from the one in `source`, into `destination`: as its child, or as its
/// sibling if the source itself is only a copy. @pre destination is empty.
void insert(Cap cap, Slot& source, Slot& destination);

/// Puts the capability of a new object, the child of an untyped, into an empty slot.
void insert_new(Cap cap, Slot& parent, Slot& destination);

/// Moves what is in `source` to an empty slot, as `cap`.
void move(Cap cap, Slot& source, Slot& destination);

/// Exchanges two slots; what was in `a` becomes `cap_a`, now in b, and the other way round.
void swap(Cap cap_a, Slot& a, Cap cap_b, Slot& b);

/// Takes a slot out of the list and empties it. Its children become its parent's.
void remove(Slot& slot);

/// Do the links to both neighbours agree? For checks.
[[nodiscard]] bool linked(const Slot& slot);

} // namespace mdb
