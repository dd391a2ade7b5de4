// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What the tests on this machine begin with: one hart, on which a thread of priority 100 runs, and
/// makers of other threads and of notifications. Threads have names, so that failures can say which
/// one is meant. Nothing is taken back: the process of the test ends.
///
///     Setting at;
///     Tcb& high = at.thread("high", 200);
///     at.wake(high);
///     expect_runs("a more important thread became ready", high);
///
/// Read next: labs/lib/alone.hpp, kernel/tests/host/world.hpp.
#pragma once

#include "kernel/object/notification.hpp"
#include "kernel/sched/scheduler.hpp"
#include "kernel/tests/host/world.hpp"
#include "labs/lib/alone.hpp"

#include <cstring>

/// How a thread is called.
inline std::string name_of(const Tcb* tcb) {
    if (tcb == nullptr)
        return "no thread";
    return tcb == &harts[0].idle ? "the idle thread" : tcb->name;
}

/// True if both are the same thread; else the test fails.
inline bool expect_thread(const std::string& what, const Tcb* expected, const Tcb* got,
                          const Place& place = Place::current()) {
    return expect_equal(what, name_of(expected), name_of(got), place) &&
           expect(what + ": the very thread", expected == got, place);
}

class Setting {
public:
    static constexpr Prio usual = 100;

    World& world = *new World; // is not destroyed: the process ends

    Setting() { call(current(), "the first"); }

    /// The thread that runs at first.
    [[nodiscard]] Tcb& current() { return world.caller(); }

    /// One that is not ready.
    Tcb& thread(const std::string& name, Prio priority = usual) {
        Tcb& tcb = world.thread(priority).cap.as<ThreadCap>().object();
        tcb.state = Tcb::State::inactive;
        tcb.context[Context::a0] = untouched;
        return call(tcb, name);
    }
    Notification& notification() { return world.notification().cap.as<NotificationCap>().object(); }

    /// It became ready, as whoever wakes threads says so.
    static void wake(Tcb& tcb) {
        sched::set_state(tcb, Tcb::State::running);
        sched::ready(tcb);
    }
    /// What a thread has in a0 that was given no badge.
    static constexpr Word untouched = 999;
    static Word badge_of(const Tcb& tcb) { return tcb.context[Context::a0]; }

private:
    static Tcb& call(Tcb& tcb, const std::string& name) {
        std::strncpy(tcb.name, name.c_str(), Tcb::name_size - 1);
        return tcb;
    }
};

/// The decision at the end of a system call: who runs then. The run queues are whole.
inline Tcb* decide(const Place& place = Place::current()) {
    sched::schedule();
    expect("the run queue's bits and lists agree (RunQueue::invariant)", sched::invariant(), place);
    expect("the thread that runs is in no run queue", !current_thread().queued, place);
    return &current_thread();
}

/// True if this thread runs after the decision; else the test fails.
inline bool expect_runs(const std::string& after, const Tcb& expected,
                        const Place& place = Place::current()) {
    return expect_thread("who runs after " + after, &expected, decide(place), place);
}

/// Numbers that look drawn by chance, the same for the same seed.
class Draw {
public:
    /// Less than `end`.
    Word below(Word end) { return engine_() % end; }
    Word word() { return engine_(); }

private:
    std::mt19937_64 engine_{lab::seed()};
};
