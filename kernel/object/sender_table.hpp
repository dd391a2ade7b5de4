// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Tables of senders: what uipi.send looks an index up in. A thread has one, which it can share
/// with others. An entry exists because of capabilities to a notification, and as long as one of
/// those with which it was registered does; each knows it by the number of the table and the index.
///
///     entry, 64 bits   | receiver 63:48 | capabilities 47:32 | vector 31:16 | 15:1 | valid |
///
/// Hardware may look an entry up and send a moment later, while it is already cleared. So before a
/// receiver or vector is given anew, every hart that can use such a table has been in the kernel.
/// Always holds: an entry that is not valid names receiver 0, which nobody has: harmless where
/// hardware does not look at `valid`.
/// Guard: the kernel lock. Reference: UINTC specification. Read next: sender_table.cpp.
/// @stage{3}
#pragma once

#include "kernel/object/tcb.hpp"
#include "kernel/syscall/invocation.hpp"

namespace sender_table {

/// Whom an entry signals.
struct Target {
    Word receiver; ///< 0: nobody
    unsigned vector;
};

/// UintrRegisterSender, with the capability in `slot`.
[[nodiscard]] Result<Outcome> register_sender(Invocation& call, Slot& slot,
                                              const abi::UintrRegisterSender&);

/// Whom entry `index` of a table signals; nobody if there is no such entry, or no table.
[[nodiscard]] Target target(PAddr table, Word index);

/// A capability that a sender registered with goes.
void release(const NotificationCap& cap);

/// A capability to a table goes: that in the slot `cap` lies in, which may be a thread's.
void capability_goes(const Cap& cap);
/// So does the table. False if there is more to do.
[[nodiscard]] bool end(const SenderTableCap& cap);

/// Clears every entry of one table that names receiver `index`, and tells the table's owner.
/// `table`: number of the first that is looked at, afterwards of the next.
/// @pre there is such an entry
void clear_entries(Word index, Word& table);

/// The table of a thread as hardware is told of it.
[[nodiscard]] PAddr of(const Tcb& tcb);

} // namespace sender_table
