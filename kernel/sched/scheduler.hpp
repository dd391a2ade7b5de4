// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Which thread runs next. System calls only note what they changed: a thread became ready
/// (`ready`), the current one may have to go (`reschedule`). Once the call is done, `schedule`
/// decides, so that one switch serves all that happened.
///
/// Always holds outside of the kernel: the current thread is runnable, or idle; no ready thread of
/// this hart and domain is more important.
/// Guard: the kernel lock. Read next: scheduler.cpp, kernel/syscall/trap.cpp.
/// @stage{2}
#pragma once

/// @cond NONE
#include "kernel/lib/trace.hpp"
/// @endcond
#include "kernel/sched/hart.hpp"
#include "kernel/vm/vspace.hpp"
/// @cond LAB3
#include "kernel/riscv/user_interrupt.hpp"
/// @endcond

namespace sched {

/// Changes the state of a thread. If the current thread cannot run any more, another will.
void set_state(Tcb& tcb, Tcb::State state);

/// A thread became ready. It may be in its run queue already.
/// Of this hart: it runs next if it is more important than the current thread, and goes behind its
/// equals if it is an equal of that. If the current thread cannot run any more at the end of the
/// system call it is followed by the one that it made ready, unless something more important is.
/// Of several that become ready in one call none is lost; the last one is in front of its equals.
/// Of another hart: it is queued there, and the hart is interrupted if it runs something less
/// important.
void ready(Tcb& tcb);

/// Puts a ready thread in front of its equals: it did not have its turn yet. That it may have to
/// run at once on this hart, `ready` or `reschedule` must say; another hart is told.
void enqueue(Tcb& tcb);

/// Takes a thread out of its run queue, if it is in one.
void dequeue(Tcb& tcb);

/// At the end of the system call the most important thread is chosen anew.
void reschedule();

/// The current thread goes behind its equals.
void yield();

/// @cond LAB6
/// `tcb`, which became ready on this hart, runs next if nothing is more important; the current
/// thread goes on directly behind it.
void run_first(Tcb& tcb);

/// @endcond
/// One tick of the current thread's slice passed. If that was the last one, it has a new slice, it
/// goes behind its equals, and who runs is decided anew. One that cannot run, as the idle thread,
/// is left as it is.
void tick();

/// Makes the decisions true: the current thread of this hart is the right one afterwards.
void schedule();

/// @cond LAB3
/// The part of run() for when there is more to look after than the address space.
void run_specially(Tcb& tcb);

/// @endcond
/// Makes `tcb`, which is in no queue, the current thread of this hart, in its address space.
inline void run(Tcb& tcb) {
    Hart& hart = this_hart();
    /// @cond LAB3
    if ((hart.current->special | tcb.special) != 0)
        return run_specially(tcb);
    /// @endcond
    [[maybe_unused]] const bool other_space = vspace::switch_to(tcb);
    /// @cond LAB3
    if (other_space)
        user_interrupt::clear();
    /// @endcond
    if constexpr (config::smp)
        tcb.context.hart = &hart;
    hart.current = &tcb;
    /// @cond NONE
    trace::switched_to(tcb);
    /// @endcond
}

/// Takes `tcb` out of its queue and runs it.
void switch_to(Tcb& tcb);

void set_priority(Tcb& tcb, Prio priority);

/// Moves a thread to another hart. @pre it runs on no other than this one
void set_affinity(Tcb& tcb, HartIndex hart);

/// The run queue that a thread belongs in.
[[nodiscard]] inline RunQueue& queue_of(const Tcb& tcb) {
    Hart& hart = config::smp ? harts[tcb.place.hart] : this_hart();
    return config::domains > 1 ? hart.queues[tcb.place.domain] : hart.queues[0];
}

/// Domain whose threads run now.
extern constinit Word current_domain;

/// @cond NONE
/// When the current thread stops, is `tcb`, which becomes ready, what runs next on this hart?
[[gnu::always_inline]] inline bool runs_next(const Tcb& tcb, const Tcb& current) {
    if (tcb.place != current.place)
        return false;
    // Another hart may have ended the time of this domain.
    if (config::smp && config::domains > 1 && tcb.place.domain != current_domain)
        return false;
    return tcb.priority >= current.priority || !queue_of(tcb).above(tcb.priority);
}
/// @endcond

/// Do the run queues hold what they should? For checks.
[[nodiscard]] bool invariant();

} // namespace sched
