// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// 7.2, drive: the net server's coroutine with a card that the test plays. It is a function of
/// main.cpp alone, so that file is a part of this one.
#include "labs/7-tcp-server/tests/host/draw.hpp"
#include "labs/lib/alone.hpp"
#include "runtime/tests/pair.hpp"

#define main net_server_main
#include "user/netsrv/main.cpp" // NOLINT(bugprone-suspicious-include)
#undef main

namespace {

constexpr unsigned at_a_time = 4; ///< frames that a poll takes
constexpr CPtr handler = 77;      ///< of the interrupt
constexpr Word other_badge = 2;

/// The card, and the kernel's part of its interrupt. What is done with them is told as a story, a
/// letter for each step.
struct Card {
    unsigned frames = 0; ///< that have come, and were not taken
    unsigned taken = 0;
    bool armed = false;
    bool raised = false;           ///< it interrupts until it is acknowledged
    bool masked = false;           ///< the kernel takes no more interrupts until it is told
    unsigned come_before_arm = 0;  ///< frames that come just before it is asked for an interrupt
    unsigned come_after_arm = 0;   ///< the same, just after
    Word turns_at_poll = ~Word{0}; ///< of others, at the last poll
    CPtr irq = 0;                  ///< by which the kernel is told
    unsigned greedy = 0;           ///< polls between which nobody else had a turn
    std::string story;
    rt::Signals signals;

    /// Frames come.
    void come(unsigned count) {
        frames += count;
        if (count != 0 && std::exchange(armed, false))
            raise();
    }
    void raise() {
        raised = true;
        if (!std::exchange(masked, true))
            signals.arrive(netsrv::badge_of_card);
    }
};

Card* card = nullptr;
Word turns_of_others = 0;

/// A step of the story; one without end ends the test.
void step(char letter) {
    constexpr size_t too_many = 100'000;
    card->story += letter;
    if (card->story.size() < too_many)
        return;
    fail("it goes on without end, though no more frames come: " + card->story.substr(0, 12) +
         "... (p: polls, a: asks for an interrupt, A: gets none since frames have come, "
         "k: acknowledges to the card, i: to the kernel)");
    _exit(1);
}

rt::Task<> take_turns(rt::Frames /*frames*/, unsigned count) {
    for (unsigned i = 0; i < count; i++) {
        turns_of_others++;
        co_await rt::yield();
    }
}

/// The coroutine, and what it runs on.
struct Setting {
    test::Side side;
    Card the_card;

    explicit Setting(CPtr irq = handler, unsigned turns = 0) {
        card = &the_card;
        the_card.irq = irq;
        played::invoked = [](CPtr object, bool is_ack) {
            expect("what is invoked is an IrqHandlerAck", is_ack);
            expect_equal("the interrupt handler that is told", handler, object);
            step('i');
            card->masked = false;
            if (card->raised)
                card->raise(); // the line is still up
        };
        side.executor.spawn(drive(side.pool, &the_card.signals, irq), 1);
        if (turns != 0)
            side.executor.spawn(take_turns(side.pool, turns), 1);
    }

    void run() { side.run(); }
    /// It sleeps, with nothing left to be done, and the next frame wakes it.
    void expect_asleep(const std::string& when) {
        expect_equal(when + ": frames that nobody takes", 0, the_card.frames);
        expect(when + ": it waits for signals", the_card.signals.sleeps());
        expect(when + ": the card was asked for an interrupt", the_card.armed);
    }
};

} // namespace

bool netsrv::Interface::poll() {
    step('p');
    card->greedy += card->turns_at_poll == turns_of_others ? 1 : 0;
    card->turns_at_poll = turns_of_others;
    const unsigned count = std::min(card->frames, at_a_time);
    card->frames -= count;
    card->taken += count;
    return count == at_a_time;
}

bool netsrv::Interface::arm() {
    card->come(std::exchange(card->come_before_arm, 0));
    if (card->frames != 0) {
        step('A');
        return false;
    }
    step('a');
    card->armed = true;
    card->come(std::exchange(card->come_after_arm, 0));
    return true;
}

void netsrv::Interface::acknowledge() {
    step('k');
    card->raised = false;
    if (card->irq == 0) // the thread's parking tells the kernel
        card->masked = false;
}

netsrv::Interface& netsrv::interface() {
    static Interface one;
    return one;
}

TEST_CASE("drive-poll: while frames are left it polls; it asks for an interrupt when none is") {
    alone([] {
        for (const unsigned frames : {0U, 1U, 4U, 10U, 100U}) {
            Setting at;
            at.the_card.come(frames);
            at.run();
            const std::string when = lab::shown(frames) + " frames were there at the beginning";
            expect_equal(when + ": frames that were taken", frames, at.the_card.taken);
            expect_equal(when + ": times that it asked for an interrupt with frames left", 0,
                         static_cast<uint64_t>(std::ranges::count(at.the_card.story, 'A')));
            at.expect_asleep(when);
        }
    });
}

TEST_CASE("drive-turns: others have a turn between two polls, however many frames come") {
    alone([] {
        Setting at(handler, 1000);
        at.the_card.come(100);
        at.run();
        expect_equal("frames that were taken", 100, at.the_card.taken);
        expect_equal("polls since the last of which nobody else had a turn", 0, at.the_card.greedy);
        at.expect_asleep("when all were taken");
    });
}

TEST_CASE("drive-arm: what comes while it goes to sleep is not left behind") {
    alone([] {
        for (const unsigned frames : {1U, 4U, 9U}) {
            Setting before;
            before.the_card.come_before_arm = frames;
            before.run();
            const std::string when = lab::shown(frames) + " frames, just before it asks";
            before.expect_asleep(when);
            expect_equal(when + ": frames that were taken", frames, before.the_card.taken);

            Setting after;
            after.the_card.come_after_arm = frames;
            after.run();
            const std::string later = lab::shown(frames) + " frames, just after it has asked";
            after.expect_asleep(later);
            expect_equal(later + ": frames that were taken", frames, after.the_card.taken);
        }
    });
}

TEST_CASE("drive-interrupt: an interrupt is acknowledged to the card, and then to the kernel") {
    alone([] {
        for (const CPtr irq : {handler, CPtr{0}}) {
            Setting at(irq);
            at.run();
            const std::string when = irq != 0 ? "the kernel waits to be told" : "irq is 0";
            for (unsigned i = 1; i <= 3; i++) {
                at.the_card.story.clear();
                at.the_card.come(i);
                at.run();
                at.expect_asleep(when);
                std::string steps = at.the_card.story;
                std::erase_if(steps, [](char letter) { return letter != 'k' && letter != 'i'; });
                expect_equal(when + ": acknowledged (k: to the card, i: to the kernel)",
                             irq != 0 ? "ki" : "k", steps);
                expect("the interrupt is acknowledged before the card is asked for another one",
                       at.the_card.story.find('k') < at.the_card.story.find('a'));
            }
            expect_equal(when + ": frames that were taken", 6, at.the_card.taken);
        }
    });
}

TEST_CASE("drive-other: other signals are not the card's: nothing is acknowledged") {
    alone([] {
        Setting at;
        at.run();
        for (unsigned i = 0; i < 3; i++) {
            at.the_card.story.clear();
            at.the_card.signals.arrive(other_badge);
            at.run();
            expect("somebody else's signal: the card is told nothing",
                   at.the_card.story.find('k') == std::string::npos);
            expect("somebody else's signal: the kernel is told nothing",
                   at.the_card.story.find('i') == std::string::npos);
            at.expect_asleep("after somebody else's signal");
        }
        at.the_card.signals.arrive(other_badge);
        at.the_card.come(5);
        at.run();
        at.expect_asleep("after somebody else's signal and the card's at once");
        expect_equal("frames that were taken", 5, at.the_card.taken);
        at.the_card.come(5);
        at.run();
        at.expect_asleep("frames after that");
    });
}

TEST_CASE("drive-random: frames and signals at any time, and it never sleeps with frames left") {
    alone([] {
        Draw draw;
        const auto some = [&] { return static_cast<unsigned>(draw.below(3) * draw.below(8)); };
        for (const CPtr irq : {handler, CPtr{0}}) {
            Setting at(irq);
            Word all = 0;
            for (unsigned round = 0; round < 2000; round++) {
                const unsigned frames[] = {some(), some(), some()};
                all += frames[0] + frames[1] + frames[2];
                at.the_card.come_before_arm = frames[1];
                at.the_card.come_after_arm = frames[2];
                at.the_card.come(frames[0]);
                if (draw.below(4) == 0)
                    at.the_card.signals.arrive(other_badge << draw.below(8));
                at.run();
                at.the_card.story.clear();
                if (at.the_card.come_before_arm != 0 || at.the_card.come_after_arm != 0) {
                    // nothing has woken it; so it was not asked to look either
                    at.the_card.come(std::exchange(at.the_card.come_before_arm, 0));
                    at.the_card.come(std::exchange(at.the_card.come_after_arm, 0));
                    at.run();
                }
                if (!expect_equal("frames taken, to the end of round " + lab::shown(round), all,
                                  at.the_card.taken))
                    return;
                at.expect_asleep("round " + lab::shown(round));
            }
        }
    });
}
