// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// U-notification: a thread that is interrupted by notifications. It has a receiver of the
/// controller, whose 64 vectors its notifications share: each notification has one for the
/// kernel's own signals, and one for each badge with which a sender is registered.
///
///     senders' tables ──uipi.send──> receiver ──> the thread runs:   its handler, at utvec
///     kernel: interrupts, faults ──>          └─> it waits:          the kernel wakes it
///
/// Always holds: the receiver of a thread is Active only while the thread is the current one of a
/// hart, and has Wake only while it waits for a signal; a vector that is given anew has no old bit.
/// Guard: the kernel lock. Reference: paper 2.1.1. Read next: receiver.cpp, vectors.cpp,
/// sender_table.hpp.
/// @stage{3}
#pragma once

#include "kernel/abi/user_interrupt.hpp"
#include "kernel/lib/types.hpp"
#include "kernel/object/context.hpp"
#include "kernel/riscv/uintc.hpp"

struct Notification;
struct Tcb;

/// What a thread has of it.
struct Receiver {
    UintcReceiver* registers;    ///< null: none
    Word index;                  ///< of the receiver in the controller
    UserInterruptContext saved;  ///< while the thread is not the current one
    Notification* notifications; ///< those that interrupt it
    Word vectors;                ///< that are in use, as bits
    Word badges[abi::user_vectors];
    uint32_t senders[abi::user_vectors]; ///< entries of sender tables that name the vector
    Word next_table;                     ///< at its end: where the search for such entries goes on
};

namespace receiver {

/// `next` becomes the current thread of this hart instead of `old`; one of them at least uses user
/// interrupts. `other_space`: its address space is another one.
void change(Tcb& old, Tcb& next, bool other_space);

/// A thread which had no receiver has one. It does not run elsewhere.
void start(Tcb& tcb);

/// From now on uipi.send on this hart uses this table; 0: none.
void use_senders(PAddr table);

/// The kernel's own signal to a notification that is registered.
void notify(Notification& notification, Badge badge);

/// What a sender does: interrupts the thread by a vector, or wakes it if it waits.
void interrupt(Tcb& tcb, unsigned vector);

/// Takes what was signalled to a registered notification of `tcb`, by the kernel or by senders, as
/// Notification::take does. False if nothing was.
[[nodiscard]] bool take(Notification& notification, Tcb& tcb);

/// Does a user interrupt of `vector` wake this thread now? Then it is awake afterwards.
[[nodiscard]] bool wake(Tcb& tcb, unsigned vector);

/// Ends the wait of a thread with what is pending, which may be nothing.
void wake_up(Tcb& tcb);

/// The controller's interrupt: threads for which something is pending wait in the kernel.
void serve_wake();

} // namespace receiver
