// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Signalling: who is woken, and what is kept if nobody is.
#include "labs/2-notification/tests/host/setting.hpp"

using State = Notification::State;

namespace {

const char* text(State state) {
    constexpr const char* names[] = {"Idle", "Waiting", "Active"};
    return names[static_cast<Word>(state) % 3];
}

bool expect_state(const std::string& when, State expected, const Notification& notification,
                  const Place& place = Place::current()) {
    return expect_equal("state of the notification " + when, std::string(text(expected)),
                        std::string(text(notification.state())), place) &&
           expect("it is Waiting exactly if threads wait, " + when, notification.invariant(),
                  place);
}

/// A thread that ran, and waits now.
Tcb& waiter(Setting& at, Notification& notification, const std::string& name,
            Prio priority = Setting::usual) {
    Tcb& tcb = at.thread(name, priority);
    tcb.state = Tcb::State::running;
    notification.wait(tcb);
    return tcb;
}

bool waits(const Tcb& tcb) { return tcb.state == Tcb::State::waiting_for_signal; }

/// It was woken with this badge.
bool expect_woken(const Tcb& tcb, Word badge, const Place& place = Place::current()) {
    return expect("a signal wakes " + name_of(&tcb), tcb.state == Tcb::State::running, place) &&
           expect_equal("a0 of " + name_of(&tcb) + ", the badge", badge, Setting::badge_of(tcb),
                        place);
}
bool expect_waits(const Tcb& tcb, const Place& place = Place::current()) {
    return expect(name_of(&tcb) + " still waits", waits(tcb), place) &&
           expect_equal("a0 of " + name_of(&tcb) + ", which waits", Setting::untouched,
                        Setting::badge_of(tcb), place);
}

} // namespace

TEST_CASE("signal-keeps: if nobody waits the badge is kept, and those that come are or-ed") {
    alone([] {
        Setting at;
        Draw draw;
        Notification& notification = at.notification();
        Tcb& taker = at.thread("who looks");
        for (unsigned round = 0; round < 20; round++) {
            Word all = 0;
            for (unsigned i = 0; i <= round; i++) {
                const Word badge = draw.word() & draw.word();
                notification.signal(Badge(badge));
                all |= badge;
                expect_state("that was signalled while nobody waits", State::active, notification);
            }
            expect("there is something to take", notification.take(taker));
            if (!expect_equal("the word after " + std::to_string(round + 1) + " signals", all,
                              at.badge_of(taker)))
                return;
            expect_state("whose word was taken", State::idle, notification);
        }
    });
}

TEST_CASE("signal-zero: a signal with badge 0 is a signal, too") {
    alone([] {
        Setting at;
        Notification& notification = at.notification();
        Tcb& taker = at.thread("who looks");
        notification.signal(Badge(0));
        expect_state("that was signalled with badge 0", State::active, notification);
        expect("there is something to take", notification.take(taker));
        expect_equal("the word", 0, at.badge_of(taker));
    });
}

TEST_CASE("signal-busy: a bound thread that does not wait is left alone, and finds the badges") {
    alone([] {
        for (const Tcb::State state :
             {Tcb::State::running, Tcb::State::inactive, Tcb::State::restart}) {
            Setting at;
            Notification& notification = at.notification();
            Tcb& tcb = at.thread("the bound thread");
            tcb.state = state;
            notification.bind(tcb);
            notification.signal(Badge(4));
            notification.signal(Badge(1));
            expect("its state is what it was", tcb.state == state);
            expect_equal("a0 of a bound thread that does not wait", at.untouched, at.badge_of(tcb));
            expect("nobody became ready", harts[0].action == Hart::Action::resume && !tcb.queued);
            expect_state("that was signalled while its thread does not wait", State::active,
                         notification);
            expect("there is something to take", notification.take(tcb));
            expect_equal("the word", 5, at.badge_of(tcb));
        }
    });
}

TEST_CASE("signal-first: a signal wakes the thread that waits longest, and no other") {
    alone([] {
        Setting at;
        Notification& notification = at.notification();
        std::vector<Tcb*> threads;
        for (unsigned i = 1; i <= 4; i++)
            threads.push_back(&waiter(at, notification, "waiter " + std::to_string(i)));
        for (unsigned i = 0; i < 4; i++) {
            notification.signal(Badge(100 + i));
            expect_woken(*threads[i], 100 + i);
            for (unsigned later = i + 1; later < 4; later++)
                expect_waits(*threads[later]);
            expect_state("after " + std::to_string(i + 1) + " of 4 were woken",
                         i == 3 ? State::idle : State::waiting, notification);
        }
    });
}

TEST_CASE("signal-once: a signal that woke somebody is not kept; the next one is") {
    alone([] {
        Setting at;
        Notification& notification = at.notification();
        Tcb& first = waiter(at, notification, "the waiter");
        notification.signal(Badge(3));
        expect_woken(first, 3);
        expect_state("whose only waiter was woken", State::idle, notification);
        Tcb& second = at.thread("who looks then");
        notification.poll(second);
        expect_equal("what a poll gets afterwards", 0, at.badge_of(second));
        notification.signal(Badge(8));
        expect_state("that is signalled again", State::active, notification);
        notification.poll(second);
        expect_equal("the word then", 8, at.badge_of(second));
    });
}

TEST_CASE("signal-runs: the thread that is woken runs next if it is more important") {
    alone([] {
        for (const Prio priority : {Prio{50}, Setting::usual, Prio{200}}) {
            Setting at;
            Notification& notification = at.notification();
            Tcb& tcb =
                waiter(at, notification, "one of priority " + std::to_string(priority), priority);
            notification.signal(Badge(1));
            expect_runs(name_of(&tcb) + " was woken",
                        priority > Setting::usual ? tcb : at.current());
            sched::set_state(current_thread(), Tcb::State::inactive);
            expect_runs("the end of the first", priority > Setting::usual ? at.current() : tcb);
        }
    });
}

TEST_CASE("signal-own: a bound thread that waits at its notification is woken by it") {
    alone([] {
        Setting at;
        Notification& notification = at.notification();
        Tcb& tcb = at.thread("the bound thread");
        tcb.state = Tcb::State::running;
        notification.bind(tcb);
        notification.wait(tcb);
        notification.signal(Badge(6));
        expect_woken(tcb, 6);
        expect_state("whose thread was woken", State::idle, notification);
    });
}

TEST_CASE("signal-elsewhere: a bound thread that waits for another notification is woken") {
    alone([] {
        /// @cond NONE
        if constexpr (config::synchronous_ipc)
            return; // in seL4 that is so for endpoints only
        /// @endcond
        Setting at;
        Notification& mine = at.notification();
        Notification& other = at.notification();
        Tcb& before = waiter(at, other, "who waits in front of it");
        Tcb& tcb = waiter(at, other, "the bound thread");
        Tcb& behind = waiter(at, other, "who waits behind it");
        mine.bind(tcb);
        mine.signal(Badge(9));
        expect_woken(tcb, 9);
        expect_state("of the bound thread", State::idle, mine);
        expect_state("that the bound thread waited for, with others", State::waiting, other);
        other.signal(Badge(1));
        other.signal(Badge(2));
        expect_woken(before, 1);
        expect_woken(behind, 2);
        expect_equal("a0 of the bound thread, which does not wait any more", 9, at.badge_of(tcb));
        expect_state("for which nobody waits any more", State::idle, other);
    });
}

TEST_CASE("signal-alone: the notification it waited for is Idle when a bound thread was the last") {
    alone([] {
        /// @cond NONE
        if constexpr (config::synchronous_ipc)
            return; // the same
        /// @endcond
        Setting at;
        Notification& mine = at.notification();
        Notification& other = at.notification();
        Tcb& tcb = waiter(at, other, "the bound thread");
        mine.bind(tcb);
        mine.signal(Badge(2));
        expect_woken(tcb, 2);
        expect_state("that it waited for alone", State::idle, other);
        mine.signal(Badge(4));
        expect_equal("a0 of a thread that was woken", 2, at.badge_of(tcb));
        expect_state("that is signalled again", State::active, mine);
        other.signal(Badge(8));
        expect_state("that it waited for, when it is signalled", State::active, other);
    });
}
