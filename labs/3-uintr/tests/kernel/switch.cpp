// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A switch of threads with the real registers and the real controller.
#include "labs/3-uintr/tests/kernel/setting.hpp"

namespace {

/// Values that the registers can hold: utvec without a mode, an even uepc.
UserInterruptContext drawn(Draw& draw) {
    const auto word = [&] { return draw.word() >> 30 << 2; };
    return {word(), word(), word(), word(), word(), draw.below(2), draw.below(2) << 4};
}

void expect_registers(const UserInterruptContext& expected, const UserInterruptContext& got) {
    expect_equal("utvec", expected.utvec, got.utvec);
    expect_equal("uscratch", expected.uscratch, got.uscratch);
    expect_equal("uepc", expected.uepc, got.uepc);
    expect_equal("ucause", expected.ucause, got.ucause);
    expect_equal("utval", expected.utval, got.utval);
    expect_equal("uie", expected.uie, got.uie);
    expect_equal("ustatus", expected.ustatus, got.ustatus);
}

UserInterruptContext now() {
    UserInterruptContext context = {};
    user_interrupt::save(context);
    return context;
}

} // namespace

KERNEL_TEST("real-leave: who stops interrupts its hart no more, and asks to be woken if it waits") {
    Setting at;
    Draw draw;
    constexpr Word index = 5;
    UintcReceiver& hardware = uintc::receiver(index);
    for (const bool waits : {false, true}) {
        Tcb& tcb = at.with_receiver(index);
        tcb.state = waits ? Tcb::State::parked : Tcb::State::running;
        const UserInterruptContext before = drawn(draw);
        user_interrupt::receive(index);
        user_interrupt::load(before);
        hardware.set(UintcReceiver::active, this_hart().sbi_id);
        receiver::change(tcb, this_hart().idle, false);
        expect_registers(before, tcb.receiver.saved);
        expect_equal(waits ? "LOW of one that waits (Wake)" : "LOW of one that does not wait (off)",
                     waits ? mode_wake : mode_off, low(index));
        hardware.put(bit(40));
        expect("a thread that stopped does not interrupt its hart", !interrupt_pending());
        expect_equal(waits ? "one that waits asks for its thread"
                           : "one that does not wait asks for nothing",
                     waits ? bit(index) : 0, uintc::asking(0));
        static_cast<void>(hardware.take());
    }
}

KERNEL_TEST("real-enter: who goes on has its registers, and what is pending interrupts this hart") {
    Setting at;
    Draw draw;
    for (const Word index : {Word{5}, Word{31}, uintc::receivers() - 1}) {
        Tcb& tcb = at.with_receiver(index);
        tcb.receiver.saved = drawn(draw);
        tcb.receiver.saved.uie = 1;
        user_interrupt::clear();
        user_interrupt::receive_none();
        receiver::change(this_hart().idle, tcb, true);
        expect_registers(tcb.receiver.saved, now());
        expect_equal("suirs", Word{1} << 63 | index, csr::read<csr::suirs>());
        expect_equal("sideleg", interrupt::user_software, csr::read<csr::sideleg>());
        expect_equal("LOW: Active, for this hart", this_hart().sbi_id << 16 | mode_active,
                     low(index));
        expect("nothing is pending", !interrupt_pending());
        uintc::receiver(index).put(bit(63));
        expect("what is pending interrupts this hart", interrupt_pending());
        expect_equal("it is taken by uipi.read or the kernel", bit(63),
                     uintc::receiver(index).take());
        uintc::receiver(index).set(UintcReceiver::off);
    }
}
