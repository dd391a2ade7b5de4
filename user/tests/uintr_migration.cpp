// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// User interrupts of threads that move from hart to hart: with something pending, while they are
/// parked, and while senders on other harts go on.
/// @stage{3}
#include "user/lib/machine.hpp"
#include "user/tests/uintr.hpp"

namespace {

/// The next hart, round and round.
Word after(Word hart) { return (hart + 1) % user::boot_info().nodes; }

} // namespace

TEST("uintr: what is pending goes with a thread to another hart") {
    if (several_harts() == 0 || !interrupts_exist())
        return;
    user::Thread thread;
    rt::Interrupted noted = {};
    std::atomic<bool> ready = false;
    std::atomic<bool> allowed = false;
    const auto body = [&] {
        rt::enable_interrupts(rt::rt_entry_that_notes, noted);
        rt::forbid_interrupts();
        ready = true;
        while (!allowed) {
        }
        rt::allow_interrupts();
        for (;;)
            asm volatile("");
    };
    create_on(thread, 1, as_test);
    const Registered receiver(thread.tcb());
    need_sender_table();
    const Word one = sender(receiver.badged(1));
    const Word two = sender(receiver.badged(2));
    start(thread, body);
    comes_true([&] { return ready.load(); });
    rt::send(one);
    expect_success("move", set_affinity(thread.tcb(), after(1)));
    rt::send(two);
    signal(receiver.notification());
    expect_success("move on", set_affinity(thread.tcb(), after(after(1))));
    run_equals(as_test, 10);
    expect_equal("nothing yet", 0, noted.vectors);
    allowed = true;
    const Word all =
        bit(receiver.vector_of(1)) | bit(receiver.vector_of(2)) | bit(receiver.kernel_vector());
    comes_true([&] { return noted.vectors == all; });
    expect_equal("all of it", all, noted.vectors);
}

TEST("uintr: a thread that moves itself takes what is pending along") {
    const Word harts = several_harts();
    if (harts == 0 || !interrupts_exist())
        return;
    const Registered receiver;
    need_sender_table();
    const Word index = sender(receiver.badged(1));
    rt::Interrupted noted = {};
    rt::enable_interrupts(rt::rt_entry_that_notes, noted);
    for (Word hart = 1; hart <= harts; hart++) {
        noted.vectors = 0;
        rt::forbid_interrupts();
        rt::send(index);
        expect_success("move", set_affinity(own_thread(), hart % harts));
        expect_equal("not allowed", 0, noted.vectors);
        rt::allow_interrupts();
        expect_equal("there", bit(receiver.vector_of(1)), noted.vectors);
    }
    rt::forbid_interrupts();
}

TEST("uintr: a parked thread can be moved, and wakes there: of an interrupt, or of its deadline") {
    if (several_harts() == 0 || !interrupts_exist())
        return;
    const Word step = user::ticks_per_second() / 1000;
    for (const bool of_interrupt : {true, false}) {
        user::Thread thread;
        std::atomic<Word> result = ~Word{0};
        std::atomic<Word> woken_at = 0;
        const Word deadline = machine::time() + (of_interrupt ? 1000 * step : 5 * step);
        const auto body = [&] {
            result = uintr_park(abi::no_sender, deadline);
            woken_at = machine::time();
        };
        create_on(thread, 1, above);
        const Registered receiver(thread.tcb());
        need_sender_table();
        const Word index = sender(receiver.badged(1));
        start(thread, body);
        while (machine::time() < deadline - (of_interrupt ? 999 : 4) * step)
            yield();
        expect_success("move", set_affinity(thread.tcb(), after(1)));
        expect_equal("it sleeps", 0, woken_at);
        if (of_interrupt)
            uintr_park(index); // without a receiver it only sends
        comes_true([&] { return woken_at != 0; });
        expect_equal("what came", of_interrupt ? bit(receiver.vector_of(1)) : 0, result);
        expect("at the deadline", of_interrupt || woken_at >= deadline);
        thread.join();
    }
}

TEST("uintr: nothing is lost while a thread moves for ever") {
    if (several_harts() == 0 || !interrupts_exist())
        return;
    user::Thread thread;
    static constinit std::atomic<Word> arrived = 0;
    static constinit std::atomic<Word> for_nothing = 0;
    arrived = for_nothing = 0;
    rt::Interrupted state = {.vectors = 0, .saved = {}, .handler = [](Word vectors) {
                                 for_nothing += vectors == 0 ? 1 : 0;
                                 arrived.fetch_or(vectors);
                             }};
    std::atomic<bool> ready = false;
    const auto body = [&] {
        rt::enable_interrupts(rt::rt_entry_that_calls, state);
        ready = true;
        for (;;)
            asm volatile("");
    };
    create_on(thread, 1, as_test);
    const Registered receiver(thread.tcb());
    need_sender_table();
    const Word index = sender(receiver.badged(1));
    start(thread, body);
    comes_true([&] { return ready.load(); });
    Word hart = 1;
    for (unsigned i = 0; i < 200; i++) {
        rt::send(index);
        hart = after(hart) == 0 ? 1 : after(hart);
        expect_success("move", set_affinity(thread.tcb(), hart));
        if (!expect("it comes", comes_true([&] { return arrived != 0; })))
            break;
        arrived = 0;
    }
    expect_equal("for nothing", 0, for_nothing);
}
