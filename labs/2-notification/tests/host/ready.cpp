// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A thread becomes ready: who runs next, and in which order the others do.
#include "labs/2-notification/tests/host/setting.hpp"

#include <algorithm>

namespace {

/// All that are ready run to their end, one after the other, in this order.
bool expect_order(const std::string& what, const std::vector<Tcb*>& threads,
                  const Place& place = Place::current()) {
    for (Tcb* tcb : threads) {
        if (!expect_runs(what, *tcb, place))
            return false;
        sched::set_state(*tcb, Tcb::State::inactive);
    }
    return expect_runs(what + ", and the end of all", harts[0].idle, place);
}

constexpr Prio lower = 50;
constexpr Prio higher = 200;

std::string shown(const std::vector<Prio>& priorities) {
    std::string text;
    for (const Prio priority : priorities)
        text += (text.empty() ? "" : ", ") + std::to_string(priority);
    return text;
}

/// Threads of these priorities become ready in one call.
void expect_most_important(const std::vector<Prio>& priorities) {
    Setting at;
    std::vector<Tcb*> threads = {&at.current()};
    for (const Prio priority : priorities) {
        threads.push_back(&at.thread("one of priority " + std::to_string(priority), priority));
        at.wake(*threads.back());
    }
    const std::string when =
        "threads of priority " + shown(priorities) + " became ready in one call";
    const Prio most = std::max(Setting::usual, *std::ranges::max_element(priorities));
    expect_equal("priority of who runs when " + when, most, decide()->priority);
    for (Tcb* tcb : threads) {
        if (tcb != &current_thread())
            expect(name_of(tcb) + " is in the run queue when " + when, tcb->queued);
    }
}

} // namespace

TEST_CASE("ready-more: a more important thread runs next; who ran is ready") {
    alone([] {
        for (const Prio priority : {Prio{101}, Prio{200}, Prio{255}}) {
            Setting at;
            Tcb& high = at.thread("a more important one", priority);
            at.wake(high);
            expect_runs("a more important thread became ready", high);
            expect("the thread that ran before is in the run queue", at.current().queued);
            expect("the thread that runs is in no run queue", !high.queued);
        }
    });
}

TEST_CASE("ready-less: an equal, or a less important thread, is queued, and who runs goes on") {
    alone([] {
        for (const Prio priority : {Setting::usual, Prio{99}, Prio{0}}) {
            Setting at;
            Tcb& other = at.thread("one of priority " + std::to_string(priority), priority);
            at.wake(other);
            expect_runs(name_of(&other) + " became ready", at.current());
            expect("the thread that became ready is in the run queue", other.queued);
            expect_order("the end of who ran before", {&at.current(), &other});
        }
    });
}

TEST_CASE("ready-equal: an equal goes behind the others; who is interrupted is the first of them") {
    alone([] {
        Setting at;
        std::vector<Tcb*> order = {&at.current()};
        for (unsigned i = 1; i <= 4; i++) {
            order.push_back(&at.thread("the one that came as number " + std::to_string(i)));
            at.wake(*order.back());
            expect_runs("an equal became ready", at.current());
        }
        expect_order("the end of the one before", order);
    });
    alone([] {
        Setting at;
        Tcb& equal = at.thread("an equal");
        Tcb& high = at.thread("a more important one", higher);
        at.wake(equal);
        expect_runs("an equal became ready", at.current());
        at.wake(high);
        expect_order("a more important one became ready", {&high, &at.current(), &equal});
    });
}

TEST_CASE("ready-hands-over: who wakes another and then waits is followed by the one it woke") {
    alone([] {
        for (const Prio priority : {Setting::usual, lower}) {
            Setting at;
            Tcb& earlier = at.thread("one that is ready already", priority);
            Tcb& woken = at.thread("the one that was woken", priority);
            at.wake(earlier);
            expect_runs("one became ready", at.current());
            at.wake(woken);
            sched::set_state(at.current(), Tcb::State::waiting_for_signal);
            expect_order("the other waits", {&woken, &earlier});
        }
    });
}

TEST_CASE("ready-beaten: a thread that becomes ready does not pass what is more important") {
    alone([] {
        Setting at;
        Tcb& between = at.thread("one of priority 80", 80);
        Tcb& low = at.thread("one of priority 50", lower);
        at.wake(between);
        expect_runs("a less important one became ready", at.current());
        at.wake(low);
        sched::set_state(at.current(), Tcb::State::waiting_for_signal);
        expect_order("it woke another and waits", {&between, &low});
    });
}

TEST_CASE("ready-several: of all that become ready in one call the most important runs next") {
    alone([] {
        constexpr Prio all[] = {lower, Setting::usual, higher};
        for (const Prio a : all) {
            for (const Prio b : all) {
                for (const Prio c : all)
                    expect_most_important({a, b, c});
            }
        }
    });
}

TEST_CASE("ready-last: of equals that become ready in one call the last is the first to run") {
    alone([] {
        for (const Prio priority : {lower, Setting::usual, higher}) {
            Setting at;
            std::vector<Tcb*> order;
            for (unsigned i = 1; i <= 3; i++) {
                Tcb& tcb = at.thread("number " + std::to_string(i) + " of priority " +
                                         std::to_string(priority),
                                     priority);
                at.wake(tcb);
                order.insert(order.begin(), &tcb);
            }
            sched::set_state(at.current(), Tcb::State::waiting_for_signal);
            expect_order("three became ready in one call", order);
        }
    });
}

TEST_CASE("ready-anew: a thread that becomes ready when a decision is wanted anyway is not lost") {
    alone([] {
        for (const Prio priority : {lower, Setting::usual, higher}) {
            Setting at;
            Tcb& other = at.thread("the other", priority);
            sched::set_state(at.current(), Tcb::State::waiting_for_signal);
            at.wake(other);
            expect("it is in the run queue, or is who runs",
                   other.queued || &current_thread() == &other);
            expect_order("who ran waits, and another became ready", {&other});
        }
    });
}

TEST_CASE("ready-queued: a thread that is in the run queue already is there once") {
    alone([] {
        for (const Prio priority : {lower, Setting::usual, higher}) {
            Setting at;
            Tcb& other = at.thread("the other", priority);
            other.resume(); // queues it, and says that it is ready
            decide();
            sched::set_state(other, Tcb::State::inactive);
            sched::dequeue(other);
            expect_runs("the other was resumed, and stopped", at.current());
            expect("a thread that is not ready is in no run queue", !other.queued);
        }
    });
}

TEST_CASE("ready-stopped: a thread that is stopped in the call that made it ready does not run") {
    alone([] {
        for (const bool another : {false, true}) {
            Setting at;
            Tcb& high = at.thread("the one that is stopped", higher);
            Tcb& low = at.thread("a less important one", lower);
            at.wake(high);
            if (another)
                at.wake(low);
            high.suspend();
            expect_runs("it became ready and was stopped", at.current());
            expect("a thread that is stopped is in no run queue", !high.queued);
            expect_equal("is the other that became ready in the run queue", another, low.queued);
        }
    });
}

TEST_CASE("ready-tick: a thread that becomes ready as a slice ends is not lost") {
    alone([] {
        for (const Prio priority : {lower, Setting::usual, higher}) {
            Setting at;
            Tcb& other = at.thread("one of priority " + std::to_string(priority), priority);
            at.wake(other);
            at.current().ticks_left = 1;
            sched::tick();
            const Tcb& next = priority == lower ? at.current() : other;
            expect_runs("a slice ended as " + name_of(&other) + " became ready", next);
            expect("the other one is in the run queue",
                   (&next == &other ? at.current() : other).queued);
        }
    });
}
