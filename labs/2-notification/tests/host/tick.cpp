// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Slices: how many ticks a thread runs, and who has the next turn.
#include "labs/2-notification/tests/host/setting.hpp"

namespace {

bool decision_is_wanted() { return harts[0].action != Hart::Action::resume; }

/// Threads of one priority that take turns; the first one runs.
std::vector<Tcb*> equals(Setting& at, unsigned count) {
    std::vector<Tcb*> threads = {&at.current()};
    for (unsigned i = 1; i < count; i++) {
        threads.push_back(&at.thread("equal " + std::to_string(i)));
        threads.back()->state = Tcb::State::running;
        harts[0].queues[0].append(*threads.back());
    }
    return threads;
}

} // namespace

TEST_CASE("tick-counts: a tick within the slice is one less of it, and nothing else") {
    alone([] {
        for (const Tcb::State state : {Tcb::State::running, Tcb::State::restart}) {
            Setting at;
            Tcb& tcb = at.current();
            tcb.state = state;
            for (unsigned left = config::ticks_per_slice; left > 1; left--) {
                tcb.ticks_left = static_cast<uint8_t>(left);
                sched::tick();
                expect_equal("ticks that are left, of " + std::to_string(left), left - 1,
                             tcb.ticks_left);
                expect("within its slice the thread goes on", !decision_is_wanted());
                expect("the thread that runs is in no run queue", !tcb.queued);
            }
        }
    });
}

TEST_CASE("tick-renews: at the end of its slice a thread has a new one, and is ready") {
    alone([] {
        for (const uint8_t left : {uint8_t{1}, uint8_t{0}}) {
            Setting at;
            Tcb& tcb = at.current();
            tcb.ticks_left = left;
            sched::tick();
            expect_equal("ticks of the new slice", config::ticks_per_slice, tcb.ticks_left);
            expect("it is in the run queue: it is ready", tcb.queued);
            expect("who runs is decided anew (sched::reschedule)", decision_is_wanted());
        }
    });
}

TEST_CASE("tick-nobody: a tick is nothing to a thread that cannot run, nor to the idle thread") {
    alone([] {
        for (const Tcb::State state : {Tcb::State::inactive, Tcb::State::waiting_for_signal}) {
            Setting at;
            Tcb& tcb = at.current();
            tcb.state = state;
            tcb.ticks_left = 1;
            sched::tick();
            expect_equal("ticks that are left of a thread that cannot run", 1, tcb.ticks_left);
            expect("a thread that cannot run is in no run queue", !tcb.queued);
        }
        Setting at;
        Tcb& idle = harts[0].idle;
        harts[0].current = &idle;
        sched::tick();
        expect("the idle thread is never in a run queue", !idle.queued);
    });
}

TEST_CASE("tick-behind: at the end of its slice a thread goes behind all its equals") {
    alone([] {
        Setting at;
        const std::vector<Tcb*> threads = equals(at, 3);
        at.current().ticks_left = 1;
        sched::tick();
        for (const unsigned next : {1U, 2U, 0U}) {
            expect_runs("the end of a slice", *threads[next]);
            threads[next]->state = Tcb::State::inactive;
            sched::reschedule();
        }
        expect_runs("the end of all three", harts[0].idle);
    });
}

TEST_CASE("tick-turns: equals run in turn, each as many ticks as a slice has") {
    alone([] {
        for (unsigned count = 1; count <= 4; count++) {
            Setting at;
            const std::vector<Tcb*> threads = equals(at, count);
            Tcb& lesser = at.thread("a lesser one", 20);
            lesser.state = Tcb::State::running;
            harts[0].queues[0].append(lesser);
            for (unsigned tick = 0; tick < 40; tick++) {
                const Tcb& expected = *threads[tick / config::ticks_per_slice % count];
                if (!expect_runs(std::to_string(tick) + " ticks, with " + std::to_string(count) +
                                     " equals",
                                 expected))
                    return;
                sched::tick();
            }
        }
    });
}

TEST_CASE("tick-rest: a thread that is interrupted goes on with what is left of its slice") {
    alone([] {
        Setting at;
        const std::vector<Tcb*> threads = equals(at, 2);
        Tcb& high = at.thread("a more important one", 200);
        sched::tick();
        sched::tick();
        high.state = Tcb::State::running;
        sched::enqueue(high);
        sched::reschedule();
        expect_runs("a more important one became ready", high);
        sched::tick();
        sched::set_state(high, Tcb::State::inactive);
        expect_runs("its end", *threads[0]);
        for (unsigned tick = 2; tick < config::ticks_per_slice; tick++) {
            expect_runs(std::to_string(tick) + " ticks of its slice", *threads[0]);
            sched::tick();
        }
        expect_runs("a whole slice", *threads[1]);
    });
}
