// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// User interrupts arrive: at a thread that runs, and at one that waits in the kernel, whatever it
/// waits in.
/// @stage{3}
#include "user/lib/machine.hpp"
#include "user/tests/uintr.hpp"

TEST("uintr: a thread interrupts itself") {
    if (!interrupts_exist())
        return;
    const Registered receiver;
    need_sender_table();
    const Word index = sender(receiver.badged(7));
    rt::Interrupted noted = {};
    rt::enable_interrupts(rt::rt_entry_that_notes, noted);
    rt::send(index);
    expect_equal("the vector that has the badge", bit(receiver.vector_of(7)), noted.vectors);
    rt::forbid_interrupts();
    rt::send(index);
    expect_equal("not again", bit(receiver.vector_of(7)), noted.vectors);
    noted.vectors = 0;
    expect_equal("it is pending", bit(receiver.vector_of(7)), rt::take_pending());
    expect_equal("once", 0, rt::take_pending());
}

TEST("uintr: a function can be called by an interrupt, in the midst of anything") {
    if (!interrupts_exist())
        return;
    static constinit Word called_with = 0;
    const Registered receiver;
    need_sender_table();
    const Word index = sender(receiver.badged(7));
    rt::Interrupted state = {
        .vectors = 0, .saved = {}, .handler = [](Word vectors) { called_with = vectors; }};
    rt::enable_interrupts(rt::rt_entry_that_calls, state);
    rt::send(index);
    rt::forbid_interrupts();
    expect_equal("called", bit(receiver.vector_of(7)), called_with);
}

TEST("uintr: a parked thread wakes with the vectors that came") {
    if (!interrupts_wake())
        return;
    user::Thread thread;
    Trace trace;
    const auto body = [&] {
        for (;;)
            trace.add(uintr_park());
    };
    create(thread, above);
    const Registered receiver(thread.tcb());
    need_sender_table();
    const Word one = sender(receiver.badged(1));
    const Word two = sender(receiver.badged(2));
    start(thread, body);
    rt::send(one);
    run_others();
    rt::send(two);
    run_others();
    trace.expect("the vectors", {bit(receiver.vector_of(1)), bit(receiver.vector_of(2))});
}

TEST("uintr: whoever waits for a registered notification is woken by senders, with their badges") {
    if (!interrupts_wake())
        return;
    user::Thread thread;
    Trace trace;
    create(thread, below);
    const Registered receiver(thread.tcb());
    const auto body = [&] {
        trace.add(poll(receiver.notification()));
        for (;;)
            trace.add(wait(receiver.notification()));
    };
    need_sender_table();
    const Word one = sender(receiver.badged(1));
    const Word two = sender(receiver.badged(2));
    rt::send(one);
    rt::send(two);
    start(thread, body);
    run_others();
    trace.expect("what came before", {3});
    rt::send(two);
    run_others();
    signal(receiver.badged(4));
    run_others();
    trace.expect("and afterwards", {3, 2, 4});
}

TEST("uintr: the kernel signals by a vector of its own, and keeps the badges") {
    if (!interrupts_exist())
        return;
    const Registered receiver;
    rt::Interrupted noted = {};
    rt::enable_interrupts(rt::rt_entry_that_notes, noted);
    signal(receiver.badged(5));
    signal(receiver.badged(8));
    expect_equal("its vector", bit(receiver.kernel_vector()), noted.vectors);
    expect_equal("the badges", 13, poll(receiver.notification()));
    expect_equal("taken", 0, poll(receiver.notification()));
    rt::forbid_interrupts();
}

TEST("uintr: parking ends at the deadline") {
    if (!interrupts_exist())
        return;
    const Registered receiver;
    const Word step = user::ticks_per_second() / 1000;
    for (const Word later : {3 * step, step, 2 * step}) {
        const Word deadline = machine::time() + later;
        expect_equal("nothing came", 0, uintr_park(abi::no_sender, deadline));
        expect("not earlier", machine::time() >= deadline);
        expect("not much later", machine::time() < deadline + step);
    }
    expect_equal("a time that has passed", 0, uintr_park(abi::no_sender, 1));
}

TEST("uintr: parking sends first") {
    if (!interrupts_exist())
        return;
    const Registered receiver;
    need_sender_table();
    const Word index = sender(receiver.badged(3));
    expect_equal("to itself", bit(receiver.vector_of(3)), uintr_park(index));
}

TEST("uintr: a thread on another hart is interrupted") {
    const Word harts = several_harts();
    if (harts == 0 || !interrupts_exist())
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
    need_sender_table();
    const Word index = sender(receiver.badged(9));
    start(thread, body);
    comes_true([&] { return ready.load(); });
    rt::send(index);
    expect("it comes", comes_true([&] { return noted.vectors == bit(receiver.vector_of(9)); }));
}
