// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Who has which receiver, and which of its vectors: given at registration, taken back at the end
/// of a notification or thread. A receiver that is given back is named by no sender entry.
/// Guard: the kernel lock. Read next: vectors.cpp.
/// @stage{3}
#pragma once

#include "kernel/object/tcb.hpp"
#include "kernel/syscall/invocation.hpp"

#include <optional>

namespace vectors {

/// UintrRegisterReceiver.
[[nodiscard]] Result<Outcome> register_receiver(Invocation& call, const NotificationCap& cap,
                                                const abi::UintrRegisterReceiver&);

/// The vector that senders with `badge` have of a registered notification, if there are any.
[[nodiscard]] std::optional<unsigned> of_badge(const Notification& notification, Badge badge);

/// The vector by which senders with `badge` signal a registered notification; a new one if there
/// is none yet, or one that others have if all are taken. delete_first if not even that is there.
[[nodiscard]] Result<unsigned> for_badge(Notification& notification, Badge badge);

/// The thread that receives by receiver `index`; null if there is none (any more).
[[nodiscard]] Tcb* thread(Word index);

/// An entry of a sender table names `vector` of receiver `index` from now on, or not any more.
void add_sender(Word index, unsigned vector);
void remove_sender(Word index, unsigned vector);
/// The same of `count` entries for a receiver that nobody has any more.
void remove_senders(Word index, Word count);

/// The end of a registered notification: nobody can signal it any more.
void end(Notification& notification);

/// The end of a thread: its receiver is off, and free once no sender entry names it. False if there
/// is more to do.
[[nodiscard]] bool end(Tcb& tcb);

} // namespace vectors
