// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Parking: what it returns at once for, who wakes when, and what the timer is set to.
/// Read next: kernel/sched/park.hpp.
/// @stage{3}
#include "kernel/sched/park.hpp"

#include "kernel/riscv/csr.hpp"
#include "kernel/riscv/timer.hpp"
#include "kernel/sched/scheduler.hpp"
#include "kernel/tests/object/uintr.hpp"

namespace {

constexpr Word bit(Word vector) { return Word{1} << vector; }

struct Setting : Users {
    Setting() { csr::value<csr::time> = 1000; }

    /// A thread with a receiver.
    Tcb& sleeper() {
        Slot& slot = thread();
        CHECK(register_receiver(notification(), slot) == Outcome::done);
        return tcb(slot);
    }
    /// It runs, and parks.
    static void park(Tcb& tcb, Word deadline, Word sender = abi::no_sender) {
        tcb.state = Tcb::State::running;
        sched::run(tcb);
        park::park(tcb, sender, deadline);
        sched::schedule();
    }
    static void pass_until(Word time) {
        csr::value<csr::time> = time;
        park::wake_sleepers();
    }
    static Word alarm() { return host::hardware.alarm; }
};

bool parked(const Tcb& tcb) { return tcb.state == Tcb::State::parked; }
Word result(const Tcb& tcb) { return tcb.context[Context::a0]; }

} // namespace

TEST_SUITE("park") {
    TEST_CASE("who has no receiver, something pending, or is late, does not sleep") {
        Setting at;
        Tcb& tcb = at.sleeper();
        at.park(at.world.caller(), 2000);
        CHECK(at.world.caller().state == Tcb::State::running);
        CHECK(result(at.world.caller()) == 0);
        tcb.receiver.registers->pending = bit(7);
        at.park(tcb, 0);
        CHECK(result(tcb) == bit(7));
        CHECK(tcb.receiver.registers->pending == 0);
        for (const Word deadline : {Word{1}, Word{999}, Word{1000}}) {
            at.park(tcb, deadline);
            CHECK_FALSE(parked(tcb));
            CHECK(result(tcb) == 0);
        }
    }

    TEST_CASE("a sleeper has Wake, and wakes with what came") {
        Setting at;
        Tcb& tcb = at.sleeper();
        at.park(tcb, 0);
        CHECK(parked(tcb));
        CHECK(tcb.receiver.registers->mode == UintcReceiver::wake);
        CHECK(at.alarm() == timer::never);
        tcb.receiver.registers->pending = bit(3) | bit(40);
        receiver::serve_wake();
        CHECK(tcb.state == Tcb::State::running);
        CHECK(result(tcb) == (bit(3) | bit(40)));
    }

    TEST_CASE("the alarm is the first deadline, whatever the order in which they came") {
        Setting at;
        Tcb& a = at.sleeper();
        Tcb& b = at.sleeper();
        Tcb& c = at.sleeper();
        at.park(a, 3000);
        CHECK(at.alarm() == 3000);
        at.park(b, 5000);
        CHECK(at.alarm() == 3000);
        at.park(c, 2000);
        CHECK(at.alarm() == 2000);
        at.pass_until(1999);
        CHECK(parked(c));
        at.pass_until(2000);
        CHECK_FALSE(parked(c));
        CHECK(result(c) == 0);
        CHECK(at.alarm() == 3000);
        at.pass_until(9000);
        CHECK_FALSE(parked(a));
        CHECK_FALSE(parked(b));
        CHECK(at.alarm() == timer::never);
    }

    TEST_CASE("a sleeper that wakes otherwise is not woken again") {
        Setting at;
        Slot& slot = at.thread();
        Slot& notification = at.notification();
        CHECK(at.register_receiver(notification, slot) == Outcome::done);
        Tcb& tcb = at.tcb(slot);
        at.park(tcb, 2000);
        SUBCASE("by an interrupt") {
            receiver::notify(at.cap(notification).object(), Badge(1));
            CHECK(result(tcb) == bit(0));
        }
        SUBCASE("suspended") { tcb.suspend(); }
        SUBCASE("its last notification is gone") {
            at.remove(notification);
            CHECK(tcb.state == Tcb::State::running);
            CHECK(result(tcb) == 0);
        }
        const Tcb::State state = tcb.state;
        at.pass_until(3000);
        CHECK(tcb.state == state);
        CHECK(tcb.sleeps_on == nullptr);
        CHECK(harts[0].sleepers.empty());
        CHECK(at.alarm() == timer::never);
    }

    TEST_CASE("a sleeper that is deleted is not woken") {
        Setting at;
        Slot& slot = at.thread();
        Slot& notification = at.notification();
        CHECK(at.register_receiver(notification, slot) == Outcome::done);
        const Tcb& tcb = at.tcb(slot);
        at.park(at.tcb(slot), 2000);
        at.remove(slot);
        CHECK(harts[0].sleepers.empty());
        at.pass_until(3000);
        CHECK(is_freed(&tcb, Word{1} << abi::tcb_bits)); // nobody has used it since
        CHECK(harts[0].sleepers.empty());
        CHECK(at.alarm() == timer::never);
    }

    TEST_CASE("who parks again has the deadline that it says then, the same, another one or none") {
        Setting at;
        Slot& slot = at.thread();
        Slot& notification = at.notification();
        CHECK(at.register_receiver(notification, slot) == Outcome::done);
        Tcb& tcb = at.tcb(slot);
        Word deadline = 0;
        SUBCASE("the same") { deadline = 2000; }
        SUBCASE("an earlier one") { deadline = 1500; }
        SUBCASE("a later one") { deadline = 4000; }
        SUBCASE("none") { deadline = 0; }
        at.park(tcb, 2000);
        receiver::notify(at.cap(notification).object(), Badge(1));
        CHECK_FALSE(parked(tcb));
        at.park(tcb, deadline);
        CHECK(harts[0].sleepers.empty() == (deadline == 0));
        at.pass_until(deadline == 0 ? 9000 : deadline - 1);
        CHECK(parked(tcb));
        at.pass_until(9000);
        CHECK(parked(tcb) == (deadline == 0));
        CHECK(harts[0].sleepers.empty());
    }

    TEST_CASE("one that begins again does not send again") {
        Setting at;
        Tcb& tcb = at.sleeper();
        at.park(tcb, 0, 77);
        CHECK(tcb.context[Context::a0] == abi::no_sender);
    }

    TEST_CASE("it sends to whoever the index names: a sleeper wakes and runs next") {
        Setting at;
        Slot& slot = at.thread();
        Slot& notification = at.notification();
        CHECK(at.register_receiver(notification, slot) == Outcome::done);
        Tcb& peer = at.tcb(slot);
        const Word index = at.sender(at.badged(notification, 5), at.table());
        Tcb& equal = at.tcb(at.thread());
        at.park(peer, 0);
        CHECK(at.register_receiver(at.notification(), at.self()) == Outcome::done);
        equal.state = Tcb::State::running;
        sched::enqueue(equal);
        at.park(at.world.caller(), 0, index);
        CHECK(parked(at.world.caller()));
        CHECK(&current_thread() == &peer);
        CHECK(result(peer) == bit(1));
    }

    TEST_CASE("to one that is awake, and to itself, it is an interrupt like others") {
        Setting at;
        Slot& notification = at.notification();
        CHECK(at.register_receiver(notification, at.self()) == Outcome::done);
        const Word index = at.sender(at.badged(notification, 5), at.table());
        at.park(at.world.caller(), 0, index);
        CHECK(result(at.world.caller()) == bit(1));
        for (const Word nobody : {Word{1}, Word{511}, Word{512}, ~Word{0}}) {
            at.park(at.world.caller(), 1, nobody);
            CHECK(result(at.world.caller()) == 0);
        }
    }
}
