// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Invocations of CNodes: capabilities are copied, moved, deleted and revoked by naming slots,
/// the destination relative to the invoked CNode.
/// Reference: seL4 manual 3.1.3. Read next: cnode.cpp, mdb.hpp.
/// @stage{1}
#pragma once

#include "kernel/cap/slot.hpp"
#include "kernel/syscall/invocation.hpp"

namespace cnode {

/// Every invocation of the CNode capability `root`.
[[nodiscard]] Result<Outcome> invoke(Invocation& call, const Cap& root);

/// `cap` with the rights that `mask` leaves it.
[[nodiscard]] Cap with_rights(const Cap& cap, Word mask);

/// `cap` with the badge or guard of `data`; null if it cannot have that. `moved`: it is not a copy,
/// and keeps the badge it has.
[[nodiscard]] Cap with_data(const Cap& cap, Word data, bool moved);

} // namespace cnode
