// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Exercise 5.7: falling asleep. The hart is played (stand_in/), so that an interrupt can come
/// before each step, one after the other: that is every place where a wake-up could be lost.
#include "labs/5-runtime/tests/host/setting.hpp"
#include "runtime/notified.hpp"
#include "runtime/riscv/user_interrupt.hpp"
#include "user/lib/invoke.hpp"

#include <algorithm>

using namespace setting;

namespace {

constexpr Word sender = 7; ///< the index of a peer that is to be notified

struct Sleeper {
    /// `control` 0: a machine without user interrupts.
    explicit Sleeper(abi::CPtr control = 1) : notified(side.executor, objects(control)) {
        peer_hint.word.store_relaxed(rt::Hint::make(2, 0));
        rt::hart.hint = &hint.word;
    }

    rt::Notified::Objects objects(abi::CPtr control) {
        rt::hart = {};
        sel4::kernel = {};
        return {.tcb = 1,
                .control = control,
                .notification = 5,
                .badges = &badges,
                .senders = 3,
                .hint = &hint,
                .hart = 2,
                .priority = 9};
    }

    Side side{4};
    abi::BadgePage badges = {};
    rt::Hint hint;
    rt::Hint peer_hint;
    rt::Notified notified;
    rt::Peer peer{notified, sender, &peer_hint};
};

} // namespace

TEST_CASE("park-sleeps: with nothing noted it parks, until the deadline, and says what woke it") {
    alone([] {
        Sleeper at;
        rt::hart.comes_before = 100; // while it sleeps
        expect_equal("vectors that woke it", rt::PlayedHart::vector, at.notified.sleep(12'345));
        expect_equal("how often it parked", 1, rt::hart.parked);
        expect_equal("the deadline that the kernel was told", 12'345, rt::hart.deadline);
        expect_equal("traps that were counted", 1, at.notified.counts().traps);
        expect("interrupts are let in again", rt::hart.allowed);
    });
}

TEST_CASE("park-noted: if an interrupt was noted before, it does not park") {
    alone([] {
        Sleeper at;
        at.side.executor.note(4);
        static_cast<void>(at.notified.sleep(0));
        expect_equal("how often it parked", 0, rt::hart.parked);
        expect("interrupts are let in again", rt::hart.allowed);
        expect("what was noted is still noted", at.side.executor.noted());
        expect_equal("traps that were counted", 0, at.notified.counts().traps);
    });
}

TEST_CASE("park-lost: whenever an interrupt comes, it is not slept through") {
    alone([] {
        for (unsigned step = 0; step < 8; step++) {
            Sleeper at;
            rt::hart.comes_before = step;
            const Word vectors = at.notified.sleep(0);
            const std::string when =
                "an interrupt before step " + std::to_string(step) + " (forbid, park or allow): ";
            if (!expect(when + "it does not sleep for ever: the last look is taken, and the thread "
                               "parks, with interrupts off",
                        !rt::hart.sleeps_for_ever))
                return;
            const Word found = vectors | at.side.executor.interrupted().vectors | rt::hart.pending;
            if (rt::hart.step > step || rt::hart.parked != 0)
                expect_equal(when + "vectors that are answered, or noted", rt::PlayedHart::vector,
                             found);
            expect(when + "interrupts are let in at the end", rt::hart.allowed);
        }
    });
}

TEST_CASE("park-due: a notification that was put off is sent once, by the trap that parks") {
    alone([] {
        Sleeper at;
        at.peer.notify();
        expect("a peer that sleeps on this hart is notified later", rt::hart.sent.empty());
        rt::hart.comes_before = 100;
        static_cast<void>(at.notified.sleep(0));
        expect_equal("notifications that were sent when it parked", 1, rt::hart.sent.size());
        rt::hart.comes_before = 100;
        static_cast<void>(at.notified.sleep(0));
        expect_equal("and when it parked again", 1, rt::hart.sent.size());
        expect_equal("how often it parked", 2, rt::hart.parked);
    });
}

TEST_CASE("park-due-awake: if it does not park, it sends what was put off all the same") {
    alone([] {
        Sleeper at;
        at.peer.notify();
        at.side.executor.note(4);
        static_cast<void>(at.notified.sleep(0));
        expect_equal("how often it parked", 0, rt::hart.parked);
        if (expect_equal("notifications that were sent", 1, rt::hart.sent.size()))
            expect_equal("to whom", sender, rt::hart.sent[0]);
        static_cast<void>(at.notified.sleep(0));
        expect_equal("notifications after the next time", 1, rt::hart.sent.size());
    });
}

TEST_CASE("park-none: who has nothing to be put off sends nothing") {
    alone([] {
        Sleeper at;
        at.side.executor.note(4);
        static_cast<void>(at.notified.sleep(0));
        expect_equal("notifications that were sent", 0, rt::hart.sent.size());
    });
}

TEST_CASE("park-hint: peers see that it is parked, on which hart, and that it is not any more") {
    alone([] {
        Sleeper at;
        rt::hart.comes_before = 100;
        static_cast<void>(at.notified.sleep(0));
        expect_equal("the hint while it is parked", rt::Hint::make(2, 9),
                     rt::hart.hint_when_parked);
        expect_equal("the hint when it runs again", 0, at.hint.word.load_relaxed());
        at.side.executor.note(4);
        static_cast<void>(at.notified.sleep(0));
        expect_equal("the hint when it did not park", 0, at.hint.word.load_relaxed());
    });
}

TEST_CASE("park-kernel: without user interrupts the kernel is asked") {
    alone([] {
        Sleeper at(0);
        sel4::kernel.badges = 2;
        static_cast<void>(at.notified.sleep(0));
        expect_equal("how often it parked", 0, rt::hart.parked);
        expect_equal("how often it waited for its notification", 1, sel4::kernel.waited);
        sel4::kernel.badges = 2;
        static_cast<void>(at.notified.sleep(99));
        expect_equal("how often it looked, with a deadline", 1, sel4::kernel.polled);
    });
}
