// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Run queue, slices and other harts, in the kernel itself.
#include "kernel/riscv/csr.hpp"
#include "kernel/riscv/timer.hpp"
#include "labs/2-notification/tests/kernel/user_code.hpp"
#include "labs/2-notification/tests/kernel/user_mode.hpp"

#include <algorithm>
#include <span>

namespace {

using namespace setting;

constexpr unsigned most_threads = 60;

/// A thread that is ready and counts for ever, in user mode.
Tcb& counter(const Space& space, Prio priority) {
    Tcb& tcb = thread(priority);
    tcb.slot(Tcb::vspace).cap = space.root();
    tcb.state = Tcb::State::running;
    tcb.context[Context::pc] = tcb.context.next_pc = Space::code_address(user_count);
    sched::enqueue(tcb);
    return tcb;
}

/// Which of the threads has this context; as many as there are: none of them.
Word number_of(const Context* context, std::span<Tcb* const> threads) {
    const auto found = std::ranges::find_if(
        threads, [context](const Tcb* tcb) { return &tcb->context == context; });
    return static_cast<Word>(found - threads.begin());
}

/// Another hart, as far as who makes threads ready looks at it: it runs `current`.
Hart& other_hart(Tcb& current) {
    Hart& hart = harts[1];
    hart.index = 1;
    hart.idle.state = Tcb::State::idle;
    hart.current = &current;
    hart.interrupt_wanted = false;
    return hart;
}

} // namespace

KERNEL_TEST("real-first: the most important of the threads that are ready is found") {
    reset();
    Draw draw;
    RunQueue& queue = this_hart().queues[0];
    int greatest = -1;
    for (unsigned i = 0; i < most_threads; i++) {
        Tcb& tcb = thread(static_cast<Prio>(draw.below(256)));
        queue.append(tcb);
        greatest = std::max<int>(greatest, tcb.priority);
        const Tcb* found = queue.most_important();
        if (!expect_equal("priority of the most important thread (256: none)",
                          static_cast<Word>(greatest), found != nullptr ? found->priority : 256))
            return;
    }
}

KERNEL_TEST("real-remove: threads are taken out in the order of their importance") {
    reset();
    Draw draw;
    RunQueue& queue = this_hart().queues[0];
    for (unsigned i = 0; i < most_threads; i++)
        queue.append(thread(static_cast<Prio>(draw.below(64) * 4)));
    Word last = 255;
    for (unsigned i = 0; i < most_threads; i++) {
        Tcb* const tcb = queue.most_important();
        if (tcb == nullptr) {
            expect("a thread is found as long as there are some", false);
            return;
        }
        expect("the next one is not more important", tcb->priority <= last);
        last = tcb->priority;
        queue.remove(*tcb);
        expect("the run queue's bits and lists agree (RunQueue::invariant)", queue.invariant());
    }
    expect("then the queue is empty", queue.empty());
}

KERNEL_TEST("real-turns: threads that never trap are interrupted, and run in turn") {
    reset();
    const Space space;
    Tcb* const threads[] = {&counter(space, 9), &counter(space, 9), &counter(space, 9)};
    counter(space, 8);
    // The one that was queued last is the first.
    sched::reschedule();
    sched::schedule();
    timer::init_hart(0);
    Context* context = &current_thread().context;
    for (unsigned tick = 0; tick < 4 * config::ticks_per_slice; tick++) {
        const Word expected = 2 - tick / config::ticks_per_slice % 3;
        const Trap trap = run(*context);
        expect("each tick traps (scause: an interrupt)",
               (trap.arguments[0] & cause::interrupt) != 0);
        if (!expect_equal("number of the thread that runs, of 0 to 2", expected,
                          number_of(context, threads)))
            break;
        context = serve(trap);
    }
    timer::pause(0);
    for (Tcb* tcb : threads)
        expect("each thread counted", tcb->context[9] != 0);
}

KERNEL_TEST("real-elsewhere: a thread that becomes ready is queued on the hart it belongs to") {
    reset();
    Draw draw;
    for (unsigned i = 0; i < 20; i++) {
        Tcb& runs_there = thread(static_cast<Prio>(draw.below(8) + 50));
        Hart& other = other_hart(i % 5 == 0 ? harts[1].idle : runs_there);
        Tcb& tcb = thread(static_cast<Prio>(draw.below(8) + 50));
        tcb.place.hart = 1;
        tcb.state = Tcb::State::running;
        sched::ready(tcb);
        expect("it is in the other hart's run queue", tcb.queued && !other.queues[0].empty());
        expect("this hart goes on as before", this_hart().action == Hart::Action::resume);
        expect("this hart's run queue is empty", this_hart().queues[0].empty());
        const bool better = i % 5 == 0 || tcb.priority > runs_there.priority;
        expect_equal("is the other hart interrupted, which runs something less important",
                     better ? 1 : 0, other.interrupt_wanted ? 1 : 0);
    }
    harts[1].interrupt_wanted = false;
    Tcb& here = thread(100);
    here.state = Tcb::State::running;
    sched::ready(here);
    sched::schedule();
    expect("one that becomes ready for this hart runs on it", &current_thread() == &here);
    expect("the other hart is not interrupted for that", !harts[1].interrupt_wanted);
}
