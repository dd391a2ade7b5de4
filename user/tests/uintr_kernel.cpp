// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What the kernel itself signals to a registered notification becomes an interrupt of the kernel's
/// vector, and the badges stay in the notification: a Signal of a thread that has no entry, and a
/// device's interrupt. If a sender of its badge is registered, a device's interrupt comes by the
/// sender's vector, and is acknowledged when its thread parks.
/// @stage{3}
#include "user/lib/machine.hpp"
#include "user/tests/irq.hpp"
#include "user/tests/uintr.hpp"

namespace {

constexpr Word badge = 0x40;

/// Handler of the UART's interrupt, which signals a notification; silent again at its end.
struct Driver {
    CPtr handler;

    explicit Driver(CPtr notification) {
        set_uart_interrupts(0);
        handler = handler_of(uart_irq());
        // One that another test left in the PLIC comes now.
        expect_success("another", set_notification(handler, make(ObjectType::notification)));
        run_equals(as_test, 100);
        expect_success("acknowledge", acknowledge(handler));
        expect_success("notification", set_notification(handler, badged(notification, badge)));
    }
    ~Driver() { set_uart_interrupts(0); }
    Driver(const Driver&) = delete;
    Driver& operator=(const Driver&) = delete;
};

} // namespace

TEST("uintr: another thread's Signal interrupts, whatever the receiver does") {
    if (!interrupts_exist())
        return;
    user::Thread thread;
    Trace trace;
    create(thread, below);
    const Registered receiver(thread.tcb());
    const CPtr one = receiver.badged(1);
    const auto body = [&] {
        trace.add(uintr_park());
        trace.add(poll(receiver.notification()));
        trace.add(wait(receiver.notification()));
        trace.add(uintr_park());
    };
    signal(one);
    start(thread, body);
    run_others();
    trace.expect("before it parks", {bit(receiver.kernel_vector()), 1});
    signal(one);
    signal(receiver.badged(2));
    run_others();
    expect_equal("the first wakes it", 1, trace[2]);
    expect_equal("the second finds it awake", bit(receiver.kernel_vector()), trace[3]);
    expect_equal("that was all", 4, trace.count());
}

TEST("uintr: a Signal to a thread on another hart interrupts it") {
    if (several_harts() == 0 || !interrupts_exist())
        return;
    user::Thread thread;
    rt::Interrupted noted = {};
    std::atomic<bool> ready = false;
    const auto body = [&] {
        rt::enable_interrupts(rt::rt_entry_that_notes, noted);
        ready = true;
        for (;;)
            asm volatile("");
    };
    create_on(thread, 1, as_test);
    const Registered receiver(thread.tcb());
    start(thread, body);
    comes_true([&] { return ready.load(); });
    signal(receiver.badged(9));
    expect("it comes", comes_true([&] { return noted.vectors == bit(receiver.kernel_vector()); }));
}

TEST("uintr: each notification of a thread has a kernel vector of its own") {
    if (!interrupts_exist())
        return;
    const Registered one;
    const Registered two;
    signal(two.badged(5));
    expect_equal("of the second", bit(two.kernel_vector()), rt::take_pending());
    expect_equal("not of the first", 0, poll(one.notification()));
    expect_equal("of the second", 5, poll(two.notification()));
}

TEST("uintr: a device's interrupt interrupts the driver's thread") {
    if (!interrupts_exist() || !has_uart())
        return;
    const Registered receiver;
    const Driver driver(receiver.notification());
    rt::Interrupted noted = {};
    rt::enable_interrupts(rt::rt_entry_that_notes, noted);
    for (unsigned i = 0; i < 3; i++) {
        noted.vectors = 0;
        set_uart_interrupts(2);
        expect("it comes", comes_true([&] { return noted.vectors != 0; }, 1000));
        expect_equal("the vector", bit(receiver.kernel_vector()), noted.vectors);
        expect_equal("the badge", badge, poll(receiver.notification()));
        set_uart_interrupts(0);
        expect_success("acknowledge", acknowledge(driver.handler));
    }
    rt::forbid_interrupts();
}

TEST("uintr: a device's interrupt wakes a driver that is parked") {
    if (!interrupts_exist() || !has_uart())
        return;
    user::Thread thread;
    create(thread, above);
    const Registered receiver(thread.tcb());
    const Driver driver(receiver.notification());
    Word count = 0;
    const auto body = [&] {
        while (count < 50) {
            if (uintr_park() == bit(receiver.kernel_vector()))
                count += poll(receiver.notification()) == badge ? 1 : 0;
            set_uart_interrupts(0);
            acknowledge(driver.handler);
            set_uart_interrupts(2);
        }
    };
    start(thread, body);
    set_uart_interrupts(2);
    thread.join();
    expect_equal("interrupts", 50, count);
}

TEST("uintr: a device's interrupt comes by its badge's vector, and parking acknowledges it") {
    if (!interrupts_exist() || !has_uart())
        return;
    user::Thread thread;
    create(thread, above);
    const Registered receiver(thread.tcb());
    const Driver driver(receiver.notification());
    need_sender_table();
    sender(receiver.badged(badge));
    const Word vector = bit(receiver.vector_of(badge));
    Word count = 0;
    Word others = 0;
    const auto body = [&] {
        while (count < 50) {
            const Word vectors = uintr_park();
            count += vectors == vector ? 1 : 0;
            others |= vectors & ~vector;
            set_uart_interrupts(0);
            set_uart_interrupts(2); // it is masked until the thread parks
        }
    };
    start(thread, body);
    set_uart_interrupts(2);
    thread.join();
    expect_equal("interrupts", 50, count);
    expect_equal("by another vector", 0, others);
}

TEST("uintr: an interrupt that is acknowledged early, or that nobody parks for, is no other's") {
    if (!interrupts_exist() || !has_uart())
        return;
    const Registered receiver;
    need_sender_table();
    sender(receiver.badged(badge));
    const Word vector = bit(receiver.vector_of(badge));
    {
        const Driver driver(receiver.notification());
        for (unsigned i = 0; i < 3; i++) {
            set_uart_interrupts(2);
            expect_equal("it comes", vector, uintr_park());
            set_uart_interrupts(0);
            expect_success("acknowledge", acknowledge(driver.handler));
        }
        set_uart_interrupts(2);
        expect_equal("the last", vector, uintr_park());
        expect_success("its handler goes", cap_delete(driver.handler));
    }
    user::Thread thread;
    create(thread, above);
    const Registered next(thread.tcb());
    const Driver driver(next.notification());
    Trace trace;
    const auto body = [&] {
        trace.add(uintr_park());
        trace.add(poll(next.notification()));
        trace.add(uintr_park(abi::no_sender, machine::time() + 20'000));
    };
    start(thread, body);
    set_uart_interrupts(2);
    expect("the next driver is told", comes_true([&] { return trace.count() == 2; }, 1000));
    // The first thread parks: what it was told before is not acknowledged for the other one.
    static_cast<void>(uintr_park(abi::no_sender, machine::time() + 1000));
    thread.join();
    trace.expect("by the kernel's vector, and once", {bit(next.kernel_vector()), badge, 0});
}
