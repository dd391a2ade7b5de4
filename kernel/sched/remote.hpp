// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Work that one hart asks of another: forgetting translations, stopping a thread. The asker holds
/// the kernel lock and waits; the asked one does it at its next trap, or while it waits for the
/// lock, without having it. So nobody waits for somebody who waits for him.
///
///     asker (holds the lock)                 asked hart
///     work_space = ..., work = flush  ──┐
///     send an interrupt                 ├──> traps, or spins for the lock: serve()
///     spin until work == none  <────────┘    does it; work = none
///
/// Builds for one hart have none of this: every function is empty there.
/// Read next: remote.cpp, kernel/lib/lock.hpp.
/// @stage{2}
#pragma once

#include "kernel/sched/hart.hpp"

namespace remote {

/// Does what another hart asked of this one, if it did. Called without the kernel lock.
void serve();

/// Has every other hart forget `address` of `space`: at once if it uses the space now, before its
/// next use otherwise; harts that never used it do nothing.
void flush_page(vm::Space space, VAddr address);

/// The same for all addresses of the space.
void flush_space(vm::Space space);

/// Every other hart forgets this space at once, and stops using it if it does.
void leave_space(vm::Space space);

/// The same for every space whose ASID is of the pool that begins with `first`.
void leave_pool(Asid first);

/// Stops `tcb` if another hart runs it: its registers are in memory then, and it is in the run
/// queue if it is runnable.
void stall(Tcb& tcb);

/// @cond LAB3
/// No other hart is in the midst of a uipi.send that has read this sender table before.
void settle_senders(PAddr table);

/// @endcond
/// The part of send_wanted that is there in builds for several harts.
void send_interrupts();

/// Sends the interrupts that schedulers wanted. Called when the lock is released.
inline void send_wanted() {
    if constexpr (config::smp)
        send_interrupts();
}

} // namespace remote
