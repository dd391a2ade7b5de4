// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Interrupts of threads that run, stop, wait and wake.
/// Read next: kernel/object/receiver.hpp.
/// @stage{3}
#include "kernel/sched/scheduler.hpp"
#include "kernel/tests/object/uintr.hpp"

namespace {

constexpr Word bit(Word vector) { return Word{1} << vector; }

/// A thread with a registered notification, whose kernel vector is 0; vector 1 has badge 5.
struct Setting : Users {
    Slot& slot = thread();
    Slot& notified = notification();
    Tcb& receiver_thread = tcb(slot);

    Setting() {
        CHECK(register_receiver(notified, slot) == Outcome::done);
        sender(badged(notified, 5), table());
    }
    [[nodiscard]] Notification& object() const { return cap(notified).object(); }
    [[nodiscard]] UintcReceiver& hardware() const { return registers(slot); }
    /// Lets it run.
    void run() {
        receiver_thread.state = Tcb::State::running;
        sched::run(receiver_thread);
    }
    /// It runs, and makes a call in which it waits.
    template <class Call>
    void run_and_wait(Call call) {
        run();
        call();
        sched::schedule();
    }
    void wait() {
        run_and_wait([&] { object().sleep(receiver_thread); });
    }
};

} // namespace

TEST_SUITE("receiver") {
    TEST_CASE("it is active while its thread runs, and only then") {
        Setting at;
        CHECK(at.hardware().mode == UintcReceiver::off);
        at.run();
        CHECK(at.hardware().mode == UintcReceiver::active);
        CHECK(user_interrupt::receives == at.receiver_thread.receiver.index);
        sched::run(at.world.caller());
        CHECK(at.hardware().mode == UintcReceiver::off);
        CHECK(user_interrupt::receives == 0);
    }

    TEST_CASE("registers are kept for a thread that has one") {
        Setting at;
        at.run();
        user_interrupt::registers = {1, 2, 3, 4, 5, 6, 7};
        sched::run(harts[0].idle);
        user_interrupt::registers = {9, 9, 9, 9, 9, 9, 9};
        at.run();
        CHECK(user_interrupt::registers.utvec == 1);
        CHECK(user_interrupt::registers.ustatus == 7);
    }

    TEST_CASE("a thread that waits for anything signals can end has Wake") {
        Setting at;
        SUBCASE("for its own") { at.wait(); }
        SUBCASE("for another") {
            Notification& other = at.cap(at.notification()).object();
            at.run_and_wait([&] { other.wait(at.receiver_thread); });
        }
        SUBCASE("while it is registered") {
            at.destroy(at.notified);
            Notification& other = at.cap(at.notification()).object();
            at.run_and_wait([&] { other.wait(at.receiver_thread); });
            CHECK(at.register_receiver(at.notification(), at.slot) == Outcome::done);
        }
        CHECK(at.hardware().mode == UintcReceiver::wake);
    }

    TEST_CASE("an interrupt of the controller wakes who waits, with badges of all vectors") {
        Setting at;
        at.wait();
        at.object().add(Badge(8));
        at.hardware().pending = bit(0) | bit(1);
        receiver::serve_wake();
        CHECK(at.receiver_thread.state == Tcb::State::running);
        CHECK(at.receiver_thread.context[Context::a0] == 13);
        CHECK(at.hardware().mode == UintcReceiver::off);
        CHECK(at.hardware().pending == 0);
    }

    TEST_CASE("who asks for a thread that does not wait is silenced, and keeps what is pending") {
        Setting at;
        at.wait();
        at.receiver_thread.suspend();
        at.hardware().pending = bit(1);
        receiver::serve_wake();
        CHECK(at.hardware().mode == UintcReceiver::off);
        CHECK(at.hardware().pending == bit(1));
        CHECK(at.receiver_thread.state == Tcb::State::inactive);
    }

    TEST_CASE("the kernel's signal wakes, or is pending; the badge is in the notification") {
        Setting at;
        SUBCASE("it waits") {
            at.wait();
            receiver::notify(at.object(), Badge(6));
            CHECK(at.receiver_thread.context[Context::a0] == 6);
            CHECK(at.object().state() == Notification::State::idle);
        }
        SUBCASE("it does not") {
            at.run();
            receiver::notify(at.object(), Badge(6));
            CHECK(at.hardware().pending == bit(0));
            CHECK(at.object().state() == Notification::State::active);
        }
    }

    TEST_CASE("a poll takes the notification's own vectors, and leaves the rest") {
        Setting at;
        Slot& other = at.notification();
        CHECK(at.register_receiver(other, at.slot) == Outcome::done);
        at.hardware().pending = bit(1) | bit(2);
        CHECK(at.object().take(at.receiver_thread));
        CHECK(at.receiver_thread.context[Context::a0] == 5);
        CHECK(at.hardware().pending == bit(2));
        CHECK_FALSE(at.object().take(at.receiver_thread));
    }

    TEST_CASE("one that goes takes nothing along") {
        Setting at;
        at.wait();
        SUBCASE("the notification") { at.destroy(at.notified); }
        SUBCASE("the thread") { at.remove(at.slot); }
        CHECK(uintc::all[1].mode == UintcReceiver::off);
        CHECK_FALSE(at.receiver_thread.state == Tcb::State::waiting_for_signal);
    }
}
