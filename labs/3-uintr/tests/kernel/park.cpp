// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Parking with the real clock and the real controller.
#include "kernel/sched/park.hpp"

#include "labs/3-uintr/tests/kernel/setting.hpp"

namespace {

/// The thread is the current one from now on; no switch is made.
void make_current(Tcb& tcb) {
    tcb.state = Tcb::State::running;
    this_hart().current = &tcb;
}

} // namespace

KERNEL_TEST("real-park: who parks takes what is pending in the controller, or sleeps") {
    Setting at;
    Draw draw;
    for (unsigned i = 0; i < 8; i++) {
        Tcb& tcb = at.with_receiver(7);
        make_current(tcb);
        const Word pending = bit(draw.below(64)) | bit(63);
        tcb.receiver.registers->put(pending);
        park::park(tcb, abi::no_sender, 0);
        expect("with something pending it does not sleep", tcb.state == Tcb::State::running);
        expect_equal("what it takes", pending, tcb.context[Context::a0]);
        expect_equal("what is still pending", 0, tcb.receiver.registers->take());
        park::park(tcb, abi::no_sender, csr::read<csr::time>());
        expect("until now it does not sleep", tcb.state == Tcb::State::running);
        expect_equal("and takes nothing", 0, tcb.context[Context::a0]);
        park::park(tcb, abi::no_sender, 0);
        expect("with nothing pending it sleeps", tcb.state == Tcb::State::parked);
    }
}

KERNEL_TEST("real-wake: a sleeper to which something is sent asks to be woken, and is") {
    Setting at;
    Slot& slot = at.thread();
    at.receives(at.notification(), slot);
    Tcb& tcb = at.tcb(slot);
    make_current(tcb);
    park::park(tcb, abi::no_sender, 0);
    receiver::change(tcb, this_hart().idle, false);
    this_hart().current = &this_hart().idle;
    this_hart().action = Hart::Action::resume;
    expect_equal("nothing is sent: who asks", 0, uintc::asking(0));
    at.hardware(slot).send(33);
    expect_equal("something is sent: who asks", bit(tcb.receiver.index), uintc::asking(0));
    receiver::serve_wake();
    expect("the sleeper is awake", tcb.runnable());
    expect_equal("what it wakes with", bit(33), tcb.context[Context::a0]);
    expect_equal("who asks then", 0, uintc::asking(0));
}
