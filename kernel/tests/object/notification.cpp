// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A notification against a model: a word, a queue of threads, a bound thread.
/// Read next: kernel/object/notification.hpp.
/// @stage{2}
#include "kernel/object/notification.hpp"

#include "kernel/cap/finalise.hpp"
#include "kernel/sched/scheduler.hpp"
#include "kernel/tests/host/world.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <deque>
#include <optional>
#include <random>
#include <utility>

namespace {

using State = Notification::State;

struct Setting {
    World world;
    Slot& slot = world.notification();
    Notification& notification = slot.cap.as<NotificationCap>().object();

    Tcb& thread() {
        Tcb& tcb = world.thread().cap.as<ThreadCap>().object();
        tcb.state = Tcb::State::running;
        tcb.context[Context::a0] = 999;
        return tcb;
    }
    static Word badge_of(const Tcb& tcb) { return tcb.context[Context::a0]; }
};

/// What a notification should be.
struct Model {
    std::optional<Word> word;
    std::deque<Tcb*> queue;

    [[nodiscard]] State state() const {
        if (word)
            return State::active;
        return queue.empty() ? State::idle : State::waiting;
    }
};

/// One random call; both sides.
void random_step(Setting& at, Model& model, Tcb& tcb, unsigned choice) {
    const Word badge = Word{1} << choice / 4 % 64;
    const bool waits = std::ranges::count(model.queue, &tcb) > 0;
    if (choice % 4 < 2) {
        at.notification.signal(Badge(badge));
        if (model.queue.empty()) {
            model.word = model.word.value_or(0) | badge;
        } else {
            CHECK(at.badge_of(*model.queue.front()) == badge);
            CHECK(model.queue.front()->state == Tcb::State::running);
            model.queue.pop_front();
        }
    } else if (waits) {
        tcb.suspend();
        CHECK(tcb.state == Tcb::State::inactive);
        std::erase(model.queue, &tcb);
    } else if (choice % 4 == 2) {
        tcb.state = Tcb::State::running;
        at.notification.wait(tcb);
        if (const auto word = std::exchange(model.word, {}))
            CHECK(at.badge_of(tcb) == *word);
        else
            model.queue.push_back(&tcb);
    } else {
        at.notification.poll(tcb);
        CHECK(at.badge_of(tcb) == std::exchange(model.word, {}).value_or(0));
    }
}

} // namespace

TEST_SUITE("notification") {
    TEST_CASE("signals that nobody waits for are collected, and taken at once") {
        Setting at;
        Tcb& tcb = at.thread();
        CHECK(at.notification.state() == State::idle);
        CHECK(at.notification.wakes_nobody());
        at.notification.signal(Badge(1));
        at.notification.signal(Badge(6));
        CHECK(at.notification.wakes_nobody());
        at.notification.wait(tcb);
        CHECK(at.badge_of(tcb) == 7);
        CHECK(tcb.state == Tcb::State::running);
        at.notification.poll(tcb);
        CHECK(at.badge_of(tcb) == 0);
    }

    TEST_CASE("a badge of zero is a signal too") {
        Setting at;
        Tcb& tcb = at.thread();
        at.notification.signal(Badge(0));
        CHECK(at.notification.state() == State::active);
        at.notification.wait(tcb);
        CHECK(tcb.state == Tcb::State::running);
    }

    TEST_CASE("random threads wait, poll, are woken and suspended") {
        for (unsigned seed = 0; seed < 50; seed++) {
            CAPTURE(seed);
            std::mt19937 random(seed);
            Setting at;
            Model model;
            Tcb* threads[] = {&at.thread(), &at.thread(), &at.thread(), &at.thread()};
            for (int step = 0; step < 100; step++) {
                random_step(at, model, *threads[random() % 4], static_cast<unsigned>(random()));
                CHECK(at.notification.state() == model.state());
                CHECK(at.notification.invariant());
                CHECK(at.notification.wakes_nobody() == (model.state() != State::waiting));
                for (const Tcb* tcb : threads)
                    CHECK((tcb->state == Tcb::State::waiting_for_signal) ==
                          (std::ranges::count(model.queue, tcb) > 0));
            }
        }
    }

    TEST_CASE("bound to a thread that does something else, it collects") {
        Setting at;
        Tcb& tcb = at.thread();
        CHECK(at.notification.bindable(tcb));
        at.notification.bind(tcb);
        CHECK_FALSE(at.notification.bindable(at.thread()));
        CHECK_FALSE(at.notification.wakes_nobody());
        at.notification.signal(Badge(5));
        CHECK(at.notification.state() == State::active);
        CHECK(at.badge_of(tcb) == 999);
        CHECK(at.notification.take(tcb));
        CHECK(at.badge_of(tcb) == 5);
        CHECK_FALSE(at.notification.take(tcb));
        at.notification.unbind();
        CHECK(tcb.bound == nullptr);
        CHECK(at.notification.bound() == nullptr);
    }

    TEST_CASE("bound, with its thread waiting at it") {
        Setting at;
        Tcb& tcb = at.thread();
        at.notification.bind(tcb);
        at.notification.wait(tcb);
        at.notification.signal(Badge(3));
        CHECK(at.badge_of(tcb) == 3);
        CHECK(tcb.state == Tcb::State::running);
        CHECK(at.notification.state() == State::idle);
    }

    /// @cond NONE
    TEST_CASE("bound, with its thread waiting elsewhere: only where the profile says so") {
        Setting at;
        Tcb& tcb = at.thread();
        Slot& other = at.world.notification();
        at.notification.bind(tcb);
        other.cap.as<NotificationCap>().object().wait(tcb);
        at.notification.signal(Badge(3));
        CHECK((tcb.state == Tcb::State::running) == !config::synchronous_ipc);
        CHECK((at.notification.state() == State::idle) == !config::synchronous_ipc);
        CHECK(other.cap.as<NotificationCap>().object().invariant());
    }
    /// @endcond

    TEST_CASE("not bindable while threads wait") {
        Setting at;
        at.notification.wait(at.thread());
        CHECK_FALSE(at.notification.bindable(at.thread()));
    }

    TEST_CASE("its end: who waits makes the call again, who is bound is not") {
        Setting at;
        Tcb& one = at.thread();
        Tcb& two = at.thread();
        at.notification.wait(one);
        at.notification.wait(two);
        finalise::remove_simple(at.slot);
        CHECK(one.state == Tcb::State::restart);
        CHECK(two.state == Tcb::State::restart);
        sched::schedule();
        CHECK(sched::invariant());
        Setting bound;
        Tcb& tcb = bound.thread();
        bound.notification.bind(tcb);
        finalise::remove_simple(bound.slot);
        CHECK(tcb.bound == nullptr);
    }
    TEST_CASE("however many wait, its end stops for interrupts, and nobody comes anew") {
        constexpr unsigned many = 150;
        Setting at;
        std::vector<Tcb*> threads(many);
        for (Tcb*& tcb : threads)
            at.notification.wait(*(tcb = &at.thread()));
        host::interrupts.always = true;
        CHECK(finalise::remove(at.slot, true) == Outcome::preempted);
        CHECK(at.slot.cap.as<NotificationCap>().rights() == 0);
        CHECK(at.notification.invariant());
        CHECK(finalise::remove(at.slot, true) == Outcome::preempted);
        CHECK(finalise::remove(at.slot, true) == Outcome::done);
        CHECK(at.slot.empty());
        CHECK(std::ranges::count(threads, Tcb::State::restart, &Tcb::state) == many);
        sched::schedule();
        CHECK(sched::invariant());
    }
}
