// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A switch of threads: what the one that stops leaves, and what the next one finds.
#include "kernel/object/receiver.hpp"

#include "labs/3-uintr/tests/host/setting.hpp"

namespace {

/// Seven registers, drawn by chance.
UserInterruptContext drawn(Draw& draw) {
    return {draw.word(), draw.word(),   draw.word(),  draw.word(),
            draw.word(), draw.below(2), draw.below(2)};
}

bool expect_registers(const std::string& whose, const UserInterruptContext& expected,
                      const UserInterruptContext& got, const Place& place = Place::current()) {
    bool same = expect_equal(whose + " utvec", expected.utvec, got.utvec, place);
    same = expect_equal(whose + " uscratch", expected.uscratch, got.uscratch, place) && same;
    same = expect_equal(whose + " uepc", expected.uepc, got.uepc, place) && same;
    same = expect_equal(whose + " ucause", expected.ucause, got.ucause, place) && same;
    same = expect_equal(whose + " utval", expected.utval, got.utval, place) && same;
    same = expect_equal(whose + " uie", expected.uie, got.uie, place) && same;
    return expect_equal(whose + " ustatus", expected.ustatus, got.ustatus, place) && same;
}

const char* text(UintcReceiver::Mode mode) {
    return mode == UintcReceiver::active ? "Active" : mode == UintcReceiver::wake ? "Wake" : "off";
}

void expect_mode(const std::string& when, UintcReceiver::Mode expected, const UintcReceiver& got,
                 const Place& place = Place::current()) {
    expect_equal("the receiver of a thread " + when, std::string(text(expected)),
                 std::string(text(got.mode)), place);
}

/// The thread whose receiver the test looks at while it is switched on, and what was seen then.
Tcb* watched = nullptr;
UserInterruptContext registers_when_active = {};
Word suirs_when_active = ~Word{0};
bool was_active = false;

void watch() {
    if (was_active || watched->receiver.registers->mode != UintcReceiver::active)
        return;
    was_active = true;
    registers_when_active = user_interrupt::registers;
    suirs_when_active = user_interrupt::receives;
}

} // namespace

TEST_CASE("leave-mode: a thread that stops is not Active any more; it has Wake only if it waits") {
    alone([] {
        Setting at;
        using enum Tcb::State;
        for (const Tcb::State state :
             {running, restart, inactive, parked, waiting_for_signal, waiting_to_receive}) {
            Tcb& tcb = at.with_receiver(1);
            tcb.receiver.registers->set(UintcReceiver::active);
            tcb.state = state;
            receiver::change(tcb, harts[0].idle, false);
            const bool waits =
                state == parked || state == waiting_for_signal || state == waiting_to_receive;
            expect_mode(waits ? "that stops because it waits for a signal"
                              : "that stops and does not wait",
                        waits ? UintcReceiver::wake : UintcReceiver::off, *tcb.receiver.registers);
        }
    });
}

TEST_CASE("leave-saves: the registers of a thread that stops are kept for it") {
    alone([] {
        Setting at;
        Draw draw;
        Tcb& tcb = at.with_receiver(1);
        tcb.state = Tcb::State::running;
        const UserInterruptContext before = drawn(draw);
        user_interrupt::registers = before;
        receiver::change(tcb, harts[0].idle, true);
        expect_registers("saved", before, tcb.receiver.saved);
    });
}

TEST_CASE("enter-loads: a thread that goes on has its registers, its receiver, and is Active") {
    alone([] {
        Setting at;
        Draw draw;
        harts[0].sbi_id = 1 + draw.below(100);
        Tcb& tcb = at.with_receiver(5);
        tcb.receiver.saved = drawn(draw);
        const UserInterruptContext saved = tcb.receiver.saved;
        user_interrupt::registers = drawn(draw);
        receiver::change(harts[0].idle, tcb, true);
        expect_registers("loaded", saved, user_interrupt::registers);
        expect_equal("the receiver that suirs names", 5, user_interrupt::receives);
        expect_mode("that runs", UintcReceiver::active, *tcb.receiver.registers);
        expect_equal("the hart that the receiver interrupts, by its SBI number", harts[0].sbi_id,
                     tcb.receiver.registers->hart_id);
    });
}

TEST_CASE("enter-order: when a receiver becomes Active, the registers are its thread's already") {
    alone([] {
        Setting at;
        Draw draw;
        Tcb& tcb = at.with_receiver(3);
        tcb.receiver.saved = drawn(draw);
        watched = &tcb;
        uintc::observer = watch;
        receiver::change(harts[0].idle, tcb, true);
        uintc::observer = nullptr;
        expect("it becomes Active", was_active);
        expect_registers("when the receiver became Active,", tcb.receiver.saved,
                         registers_when_active);
        expect_equal("suirs when the receiver became Active", 3, suirs_when_active);
    });
}

TEST_CASE("switch-many: of many threads only the one that runs is Active; each has its registers") {
    alone([] {
        constexpr Word count = uintc::most - 1;
        Setting at;
        Draw draw;
        Tcb* threads[count];
        UserInterruptContext expected[count];
        for (Word i = 0; i < count; i++) {
            threads[i] = &at.with_receiver(i + 1);
            threads[i]->state = Tcb::State::running;
            expected[i] = threads[i]->receiver.saved = drawn(draw);
        }
        Tcb* old = &harts[0].idle;
        for (unsigned step = 0; step < 200; step++) {
            const Word next = draw.below(count);
            if (threads[next] == old)
                continue;
            receiver::change(*old, *threads[next], true);
            old = threads[next];
            bool good = expect_registers("of the thread that goes on,", expected[next],
                                         user_interrupt::registers);
            for (Word i = 0; i < count; i++)
                good = good &&
                       expect_equal("Active, of thread " + std::to_string(i) + " while " +
                                        std::to_string(next) + " runs",
                                    i == next,
                                    threads[i]->receiver.registers->mode == UintcReceiver::active);
            if (!good)
                return;
            user_interrupt::registers = expected[next] = drawn(draw);
        }
    });
}
