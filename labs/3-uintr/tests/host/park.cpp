// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Parking: for what it returns at once, and what a thread that sleeps has.
#include "kernel/sched/park.hpp"

#include "kernel/object/irq.hpp"
#include "kernel/riscv/csr.hpp"
#include "labs/3-uintr/tests/host/setting.hpp"

#include <algorithm>

namespace {

constexpr Word now = 1000;

/// Threads that park.
struct Parkers : Setting {
    Parkers() { csr::value<csr::time> = now; }
};

bool sleeps(const Tcb& tcb) { return tcb.state == Tcb::State::parked; }
Word result(const Tcb& tcb) { return tcb.context[Context::a0]; }

/// `tcb` becomes the current thread without a switch, which would take exercises 3.1 and 3.2.
void make_current(Tcb& tcb) {
    tcb.state = Tcb::State::running;
    harts[0].current = &tcb;
}

} // namespace

TEST_CASE("park-pending: who has something pending takes it, and does not sleep") {
    alone([] {
        Parkers at;
        Draw draw;
        for (unsigned i = 0; i < 20; i++) {
            Tcb& tcb = at.with_receiver(1);
            make_current(tcb);
            const Word pending = bit(draw.below(64)) | bit(draw.below(64));
            tcb.receiver.registers->pending = pending;
            park::park(tcb, abi::no_sender, i % 2 == 0 ? 0 : now + 1000);
            expect("a thread with something pending does not sleep", !sleeps(tcb));
            expect_equal("vectors that park answers", pending, result(tcb));
            expect_equal("what is still pending", 0, tcb.receiver.registers->pending);
            expect("a thread that does not sleep waits for no deadline",
                   tcb.sleeps_on == nullptr && harts[0].sleepers.empty());
        }
    });
}

TEST_CASE("park-late: who is too late, or has no receiver, does not sleep; deadline 0 is none") {
    alone([] {
        Parkers at;
        for (const Word deadline : {Word{1}, now - 1, now}) {
            Tcb& tcb = at.with_receiver(1);
            make_current(tcb);
            park::park(tcb, abi::no_sender, deadline);
            expect("who parks until a time that has come does not sleep", !sleeps(tcb));
            expect_equal("park's answer when it is too late", 0, result(tcb));
        }
        Tcb& plain = at.world.caller();
        for (const Word deadline : {Word{0}, now + 1000}) {
            make_current(plain);
            plain.context[Context::a0] = 77;
            park::park(plain, abi::no_sender, deadline);
            expect("a thread without a receiver does not sleep", !sleeps(plain));
            expect_equal("park's answer without a receiver", 0, result(plain));
        }
        Tcb& tcb = at.with_receiver(1);
        make_current(tcb);
        park::park(tcb, abi::no_sender, 0);
        expect("who has nothing pending and no deadline sleeps", sleeps(tcb));
        expect("who has no deadline is in no list", tcb.sleeps_on == nullptr);
    });
}

TEST_CASE("park-deadline: a sleeper is in its hart's list, and wakes at its deadline") {
    alone([] {
        Parkers at;
        Tcb& tcb = at.with_receiver(1);
        make_current(tcb);
        park::park(tcb, abi::no_sender, now + 50);
        expect("it sleeps", sleeps(tcb));
        expect_equal("its deadline", now + 50, tcb.deadline);
        expect_equal("the time of the hart's alarm", now + 50, host::hardware.alarm);
        csr::value<csr::time> = now + 49;
        park::wake_sleepers();
        expect("it sleeps until its deadline", sleeps(tcb));
        csr::value<csr::time> = now + 50;
        park::wake_sleepers();
        expect("it wakes at its deadline", !sleeps(tcb));
        expect_equal("park's answer when nothing came", 0, result(tcb));
    });
}

TEST_CASE("park-once: a sleeper that must begin again does not send again") {
    alone([] {
        Parkers at;
        Tcb& tcb = at.with_receiver(1);
        make_current(tcb);
        tcb.context[Context::a0] = 3;
        park::park(tcb, 3, 0);
        expect("it sleeps", sleeps(tcb));
        expect_equal("a0 of a sleeper, with which its call may be made again", abi::no_sender,
                     result(tcb));
    });
}

TEST_CASE("park-sends: it sends first, even to itself; then it looks") {
    alone([] {
        Parkers at;
        Slot& mine = at.notification();
        at.receives(mine, at.self());
        const Word to_me = at.sender(at.badged(mine, 5), at.table());
        Tcb& self = at.world.caller();
        const Word vector = *vectors::of_badge(at.object(mine), Badge(5));
        for (const Word deadline : {Word{0}, Word{1}, now + 1000}) {
            make_current(self);
            park::park(self, to_me, deadline);
            expect("who sends to itself does not sleep", !sleeps(self));
            expect_equal("vectors that park answers", bit(vector), result(self));
        }
    });
}

TEST_CASE("park-peer: a peer that sleeps is woken by the send, with its vector") {
    alone([] {
        Parkers at;
        Slot& slot = at.thread();
        Slot& notification = at.notification();
        at.receives(notification, slot);
        const Word to_peer = at.sender(at.badged(notification, 5), at.table());
        Tcb& peer = at.tcb(slot);
        Tcb& self = at.world.caller();
        const Word vector = *vectors::of_badge(at.object(notification), Badge(5));
        for (const bool with_receiver : {false, true}) {
            if (with_receiver)
                at.receives(at.notification(), at.self());
            peer.state = Tcb::State::parked;
            peer.receiver.registers->set(UintcReceiver::wake);
            make_current(self);
            park::park(self, to_peer, 0);
            expect("the peer is awake", peer.runnable());
            expect_equal("vectors that it woke with", bit(vector), result(peer));
            expect_equal("does the sender sleep then", with_receiver, sleeps(self));
        }
    });
}

TEST_CASE("park-devices: a driver that parks has served its devices: they may interrupt again") {
    alone([] {
        Parkers at;
        constexpr Word irq = 17;
        Slot& notification = at.notification();
        at.receives(notification, at.self());
        Slot& signal = at.badged(notification, 5);
        expect("the badge has a vector",
               bool(vectors::for_badge(at.object(notification), Badge(5))));
        Slot& handler = at.world.slot(IrqHandlerCap(irq));
        expect("the device's interrupt signals it",
               at.world.ok(handler, abi::IrqHandlerSetNotification{}, {&signal}));
        make_current(at.world.caller());
        irq::handle(irq);
        host::hardware.unmasked.clear();
        park::park(at.world.caller(), abi::no_sender, 0);
        expect("the device's interrupt is acknowledged (irq::acknowledge_all)",
               std::ranges::find(host::hardware.unmasked, irq) != host::hardware.unmasked.end());
    });
}
