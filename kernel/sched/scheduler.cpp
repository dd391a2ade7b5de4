// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The scheduler: priorities first, then round robin by ticks.
/// @stage{2}
#include "kernel/sched/scheduler.hpp"

#include "kernel/lib/todo.hpp"
#include "kernel/sched/remote.hpp"
/// @cond NONE
#include "kernel/object/domain.hpp"
#include "kernel/riscv/fpu.hpp"
/// @endcond

namespace sched {

// Your own helpers: begin
// Your own helpers: end

constinit Word current_domain = 0;

namespace {

/// The queue of this hart from which threads are taken now.
RunQueue& local_queue() { return this_hart().queues[current_domain]; }

void enqueue_last(Tcb& tcb) {
    if (!tcb.queued)
        queue_of(tcb).append(tcb);
}

/// Another hart should look at its queue if it runs something less important than `tcb`.
void interrupt_other_hart(const Tcb& tcb) {
    Hart& hart = harts[tcb.place.hart];
    if (&hart == &this_hart() || tcb.place.domain != current_domain)
        return;
    if (hart.current == &hart.idle || hart.current->priority < tcb.priority)
        hart.interrupt_wanted = true;
}

} // namespace

void set_state(Tcb& tcb, Tcb::State state) {
    tcb.state = state;
    Hart& hart = this_hart();
    if (&tcb == hart.current && hart.action == Hart::Action::resume && !tcb.runnable())
        reschedule();
}

void enqueue(Tcb& tcb) {
    if (!tcb.queued)
        queue_of(tcb).prepend(tcb);
    if constexpr (config::smp)
        interrupt_other_hart(tcb);
}

/// @lab{2.5} queue it, remember it as the candidate, or both if there is one already
void ready(Tcb& tcb) {
    Hart& hart = this_hart();
    if (tcb.place.domain != current_domain || tcb.place.hart != hart.index) {
        enqueue(tcb);
    } else if (hart.action != Hart::Action::resume) {
        reschedule();
        enqueue(tcb);
    } else {
        hart.action = Hart::Action::candidate;
        hart.candidate = &tcb;
    }
}

void dequeue(Tcb& tcb) {
    if (tcb.queued)
        queue_of(tcb).remove(tcb);
    Hart& hart = this_hart();
    if (hart.action == Hart::Action::candidate && hart.candidate == &tcb)
        hart.action = Hart::Action::choose;
}

void reschedule() {
    Hart& hart = this_hart();
    if (hart.action == Hart::Action::candidate)
        enqueue(*hart.candidate);
    hart.action = Hart::Action::choose;
}

void yield() {
    Tcb& tcb = current_thread();
    if (tcb.place.domain == current_domain && local_queue().alone(tcb.priority))
        return;
    dequeue(tcb);
    enqueue_last(tcb);
    reschedule();
}

/// @cond LAB6
void run_first(Tcb& tcb) {
    if (current_thread().runnable())
        enqueue(current_thread());
    enqueue(tcb);
    reschedule();
}

/// @endcond
/// @lab{2.4} at the end of its slice the current thread goes behind its equals
void tick() {
    Tcb& tcb = current_thread();
    if (!tcb.runnable())
        return;
    if (tcb.ticks_left > 1) {
        tcb.ticks_left--;
        return;
    }
    tcb.ticks_left = config::ticks_per_slice;
    enqueue_last(tcb);
    reschedule();
}

namespace {

void choose() {
    /// @cond NONE
    if constexpr (config::domains > 1)
        domain::advance_if_over();
    /// @endcond
    Tcb* tcb = local_queue().most_important();
    switch_to(tcb != nullptr ? *tcb : this_hart().idle);
}

/// The candidate against the rest. It loses to what is more important, and to its equal that runs.
void consider(Tcb& candidate, bool current_runs) {
    const Tcb& current = current_thread();
    const bool beaten = local_queue().above(candidate.priority) ||
                        (current_runs && current.priority == candidate.priority);
    if (!beaten)
        return switch_to(candidate);
    if (current_runs && current.priority == candidate.priority)
        enqueue_last(candidate);
    else
        enqueue(candidate);
    choose();
}

} // namespace

void schedule() {
    Hart& hart = this_hart();
    if (hart.action == Hart::Action::resume)
        return;
    const Hart::Action action = hart.action;
    hart.action = Hart::Action::resume;
    const bool current_runs = hart.current->runnable();
    if (current_runs)
        enqueue(*hart.current);
    if (action == Hart::Action::candidate)
        consider(*hart.candidate, current_runs);
    else
        choose();
}

/// @cond LAB3
void run_specially(Tcb& tcb) {
    Hart& hart = this_hart();
    /// @cond NONE
    fpu::switch_to(tcb);
    /// @endcond
    receiver::change(*hart.current, tcb, vspace::switch_to(tcb));
    if constexpr (config::smp)
        tcb.context.hart = &hart;
    hart.current = &tcb;
    /// @cond NONE
    trace::switched_to(tcb);
    /// @endcond
}

/// @endcond
void switch_to(Tcb& tcb) {
    if (tcb.queued)
        queue_of(tcb).remove(tcb);
    if (&tcb != this_hart().current)
        run(tcb);
}

void set_priority(Tcb& tcb, Prio priority) {
    dequeue(tcb);
    tcb.priority = priority;
    if (!tcb.runnable())
        return;
    const Hart& hart = this_hart();
    if (&tcb != hart.current)
        ready(tcb);
    else if (hart.action != Hart::Action::resume || tcb.place.domain != current_domain ||
             local_queue().above(priority)) // else it goes on
        reschedule();
}

void set_affinity(Tcb& tcb, HartIndex hart) {
    dequeue(tcb);
    tcb.place.hart = static_cast<uint8_t>(hart);
    if (tcb.runnable() && (&tcb != this_hart().current || hart != this_hart().index))
        ready(tcb);
    if (&tcb == this_hart().current)
        reschedule();
}

bool invariant() {
    for (const Hart& hart : harts) {
        for (const RunQueue& queue : hart.queues) {
            if (!queue.invariant())
                return false;
        }
    }
    return true;
}

} // namespace sched
