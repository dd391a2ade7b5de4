// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Profile rel4: the announcement of a fault to a notification that is registered is a user
/// interrupt; the record is there when it comes.
/// @stage{3}
#include "kernel/abi/fault_buffer.hpp"
#include "user/tests/uintr.hpp"

namespace {

/// A fault buffer that tells a notification, with badge 0x10.
struct Told {
    CPtr frame = make(ObjectType::page);
    const abi::FaultBuffer* buffer =
        reinterpret_cast<const abi::FaultBuffer*>(vspace.map_somewhere(frame));

    void watch(CPtr tcb, CPtr notification) const {
        expect_success("a fault buffer",
                       invoke(tcb, abi::TcbSetFaultBuffer{}, frame, badged(notification, 0x10)));
    }
};

} // namespace

TEST("fault: its announcement interrupts whoever handles faults") {
    if (!interrupts_exist())
        return;
    user::Thread thread;
    const Told told;
    const Registered receiver;
    rt::Interrupted noted = {};
    rt::enable_interrupts(rt::rt_entry_that_notes, noted);
    const auto faults = [] { asm volatile("unimp"); };
    create_unwatched(thread, above);
    told.watch(thread.tcb(), receiver.notification());
    start(thread, faults);
    rt::forbid_interrupts();
    expect_equal("the kernel's vector", bit(receiver.kernel_vector()), noted.vectors);
    expect_equal("a record", 1, told.buffer->written);
    expect_equal("the badge", 0x10, poll(receiver.notification()));
}

TEST("fault: its announcement wakes a handler that is parked") {
    if (!interrupts_exist())
        return;
    user::Thread handler;
    user::Thread thread;
    const Told told;
    Trace trace;
    create(handler, above);
    const Registered receiver(handler.tcb());
    const auto handles = [&] {
        for (;;) {
            uintr_park();
            trace.add(told.buffer->written);
            trace.add(poll(receiver.notification()));
        }
    };
    start(handler, handles);
    const auto faults = [] { asm volatile("unimp"); };
    create_unwatched(thread, above);
    told.watch(thread.tcb(), receiver.notification());
    start(thread, faults);
    expect_success("again", tcb_resume(thread.tcb()));
    trace.expect("both", {1, 0x10, 2, 0x10});
}

TEST("fault: a thread can be told of its own, once it goes on") {
    if (!interrupts_exist())
        return;
    user::Thread thread;
    const Told told;
    rt::Interrupted noted = {};
    std::atomic<bool> went_on = false;
    create_unwatched(thread, above);
    const Registered receiver(thread.tcb());
    told.watch(thread.tcb(), receiver.notification());
    const auto body = [&] {
        rt::enable_interrupts(rt::rt_entry_that_notes, noted);
        asm volatile(".4byte 0xffffffff");
        went_on = true;
    };
    start(thread, body);
    expect_equal("not while it is stopped", 0, noted.vectors);
    abi::UserContext registers = {};
    expect_success("where it is", tcb_read_registers(thread.tcb(), registers));
    registers.pc += 4;
    expect_success("behind it", tcb_write_registers(thread.tcb(), registers, true));
    expect("it went on", went_on);
    expect_equal("its own vector", bit(receiver.kernel_vector()), noted.vectors);
}
