// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Decisions of the scheduler: who runs after what, on one hart.
/// Read next: kernel/sched/scheduler.hpp.
/// @stage{2}
#include "kernel/sched/scheduler.hpp"

#include "kernel/tests/host/world.hpp"

#include <doctest/doctest.h>

namespace {

/// Thread `a` of priority 100 runs; the others are not ready.
struct Setting {
    World world;
    Tcb& a = world.caller();
    Tcb& b = thread(100);
    Tcb& c = thread(100);
    Tcb& low = thread(50);
    Tcb& high = thread(200);

    Tcb& thread(Prio priority) { return world.thread(priority).cap.as<ThreadCap>().object(); }
    static void wake(Tcb& tcb) {
        tcb.state = Tcb::State::running;
        sched::ready(tcb);
    }
    /// The thread that runs after the decision.
    static Tcb* next() {
        sched::schedule();
        CHECK(sched::invariant());
        CHECK(harts[0].action == Hart::Action::resume);
        CHECK_FALSE(current_thread().queued);
        return &current_thread();
    }
    static Tcb* idle() { return &harts[0].idle; }
};

} // namespace

TEST_SUITE("scheduler") {
    TEST_CASE("nothing happened: nothing changes") {
        Setting at;
        CHECK(at.next() == &at.a);
    }

    TEST_CASE("a more important thread runs at once; the other is the first of its equals") {
        Setting at;
        at.wake(at.b);
        CHECK(at.next() == &at.a);
        at.wake(at.high);
        CHECK(at.next() == &at.high);
        CHECK(at.a.queued);
        sched::set_state(at.high, Tcb::State::inactive);
        CHECK(at.next() == &at.a);
    }

    TEST_CASE("an equal, or a less important thread, waits") {
        Setting at;
        at.wake(at.b);
        CHECK(at.next() == &at.a);
        CHECK(at.b.queued);
        at.wake(at.low);
        CHECK(at.next() == &at.a);
        at.wake(at.c);
        CHECK(at.next() == &at.a);
        sched::set_state(at.a, Tcb::State::inactive);
        CHECK(at.next() == &at.b);
        sched::set_state(at.b, Tcb::State::inactive);
        CHECK(at.next() == &at.c);
        sched::set_state(at.c, Tcb::State::inactive);
        CHECK(at.next() == &at.low);
        sched::set_state(at.low, Tcb::State::inactive);
        CHECK(at.next() == at.idle());
    }

    TEST_CASE("two that become ready in one call: the more important of all three") {
        Setting at;
        at.wake(at.low);
        at.wake(at.high);
        CHECK(at.next() == &at.high);
        CHECK(at.low.queued);
        CHECK(at.a.queued);
    }

    TEST_CASE("a thread wakes another and waits itself") {
        Setting at;
        at.wake(at.low);
        sched::set_state(at.a, Tcb::State::waiting_for_signal);
        CHECK(at.next() == &at.low);
        at.wake(at.a);
        CHECK(at.next() == &at.a);
    }

    TEST_CASE("a candidate that is dequeued again does not run") {
        Setting at;
        at.wake(at.high);
        at.high.state = Tcb::State::inactive;
        sched::dequeue(at.high);
        CHECK(at.next() == &at.a);
    }

    TEST_CASE("yield goes behind all equals") {
        Setting at;
        at.wake(at.b);
        (void)at.next();
        at.wake(at.c);
        (void)at.next();
        at.wake(at.low);
        (void)at.next();
        for (Tcb* expected : {&at.b, &at.c, &at.a, &at.b}) {
            sched::yield();
            CHECK(at.next() == expected);
        }
        sched::set_state(at.b, Tcb::State::inactive);
        CHECK(at.next() == &at.c);
    }

    TEST_CASE("yield alone goes on") {
        Setting at;
        at.wake(at.low);
        (void)at.next();
        sched::yield();
        CHECK(at.next() == &at.a);
    }

    TEST_CASE("a slice has its ticks, and begins anew") {
        Setting at;
        at.wake(at.b);
        (void)at.next();
        for (Tcb* expected : {&at.a, &at.b, &at.a}) {
            for (unsigned tick = 0; tick < config::ticks_per_slice; tick++) {
                CHECK(at.next() == expected);
                sched::tick();
            }
        }
        CHECK(at.next() == &at.b);
        CHECK(at.a.ticks_left == config::ticks_per_slice);
    }

    TEST_CASE("a tick while nothing runs is nothing") {
        Setting at;
        sched::set_state(at.a, Tcb::State::inactive);
        CHECK(at.next() == at.idle());
        sched::tick();
        CHECK(at.next() == at.idle());
        CHECK_FALSE(harts[0].idle.queued);
    }

    TEST_CASE("a priority is changed: of the current thread") {
        Setting at;
        at.wake(at.low);
        (void)at.next();
        sched::set_priority(at.a, 49);
        CHECK(at.next() == &at.low);
        CHECK(at.a.queued);
        sched::set_priority(at.low, 48);
        CHECK(at.next() == &at.a);
    }

    TEST_CASE("a priority is changed: of one that waits in the queue, and of one that does not") {
        Setting at;
        at.wake(at.low);
        (void)at.next();
        sched::set_priority(at.low, 101);
        CHECK(at.next() == &at.low);
        CHECK(at.low.priority == 101);
        sched::set_priority(at.high, 3);
        CHECK(at.next() == &at.low);
        CHECK_FALSE(at.high.queued);
        CHECK(at.high.priority == 3);
    }

    TEST_CASE("suspend and resume") {
        Setting at;
        at.a.context.next_pc = 0x1004;
        at.a.suspend();
        CHECK(at.a.context[Context::pc] == 0x1004);
        CHECK(at.next() == at.idle());
        at.a.resume();
        CHECK(at.a.state == Tcb::State::restart);
        CHECK(at.next() == &at.a);
        at.wake(at.b);
        (void)at.next();
        at.b.suspend();
        CHECK_FALSE(at.b.queued);
        sched::yield();
        CHECK(at.next() == &at.a);
    }
}
