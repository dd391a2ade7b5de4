// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// User interrupts for a thread that does not run: it is preempted, stopped, moved, or waits for
/// something else. Nothing is lost, and its handler runs once it can. All 64 vectors arrive.
/// @stage{3}
#include "user/lib/machine.hpp"
#include "user/tests/uintr.hpp"

namespace {

/// A thread that yields for ever, with interrupts on. Its handler notes what comes.
class Target {
public:
    explicit Target(Word priority = as_test) { create(thread_, priority); }
    Target(const Target&) = delete;
    Target& operator=(const Target&) = delete;

    void start() {
        ::start(thread_, body_);
        comes_true([&] { return ready_.load(); });
    }
    [[nodiscard]] CPtr tcb() const { return thread_.tcb(); }
    [[nodiscard]] Word noted() const { return noted_.vectors; }
    [[nodiscard]] Word turns() const { return turns_; }
    void forget() { noted_.vectors = 0; }

private:
    struct Body {
        Target* target;
        void operator()() const {
            rt::enable_interrupts(rt::rt_entry_that_notes, target->noted_);
            target->ready_ = true;
            for (;;) {
                target->turns_++;
                yield();
            }
        }
    };
    rt::Interrupted noted_ = {};
    std::atomic<bool> ready_ = false;
    std::atomic<Word> turns_ = 0;
    Body body_{this};
    user::Thread thread_; ///< last: it stops before what it notes in goes
};

} // namespace

TEST("uintr: an interrupt of a thread that is ready comes when it runs") {
    if (!interrupts_exist())
        return;
    Target target;
    const Registered receiver(target.tcb());
    need_sender_table();
    const Word index = sender(receiver.badged(1));
    target.start();
    rt::send(index);
    expect_equal("not yet", 0, target.noted());
    run_equals(as_test, 2);
    expect_equal("now", bit(receiver.vector_of(1)), target.noted());
}

TEST("uintr: an interrupt of a thread that is suspended comes when it goes on") {
    if (!interrupts_exist())
        return;
    Target target;
    const Registered receiver(target.tcb());
    need_sender_table();
    const Word one = sender(receiver.badged(1));
    const Word two = sender(receiver.badged(2));
    target.start();
    for (unsigned i = 0; i < 3; i++) {
        target.forget();
        expect_success("suspend", tcb_suspend(target.tcb()));
        rt::send(one);
        rt::send(two);
        signal(receiver.notification());
        run_equals(as_test, 2);
        expect_equal("it is stopped", 0, target.noted());
        expect_success("resume", tcb_resume(target.tcb()));
        run_equals(as_test, 2);
        expect_equal("it goes on",
                     bit(receiver.vector_of(1)) | bit(receiver.vector_of(2)) |
                         bit(receiver.kernel_vector()),
                     target.noted());
    }
}

TEST("uintr: a thread that is suspended in a wait is not woken, and finds what came afterwards") {
    if (!interrupts_exist())
        return;
    for (const bool parks : {false, true}) {
        user::Thread thread;
        Trace trace;
        create(thread, above);
        const Registered receiver(thread.tcb());
        const auto body = [&] {
            for (;;)
                trace.add(parks ? uintr_park() : wait(receiver.notification()));
        };
        need_sender_table();
        const Word index = sender(receiver.badged(1));
        start(thread, body);
        expect_success("suspend", tcb_suspend(thread.tcb()));
        rt::send(index);
        signal(receiver.badged(2));
        run_others();
        expect_equal("it is stopped", 0, trace.count());
        expect_success("resume", tcb_resume(thread.tcb()));
        run_others();
        trace.expect(
            "it goes on",
            {parks ? bit(receiver.vector_of(1)) | bit(receiver.kernel_vector()) : Word{3}});
    }
}

TEST("uintr: a thread that waits for another notification is woken all the same") {
    if (!interrupts_wake())
        return;
    user::Thread thread;
    Trace trace;
    const CPtr other = make(ObjectType::notification);
    const auto body = [&] {
        for (;;)
            trace.add(wait(other));
    };
    create(thread, above);
    const Registered receiver(thread.tcb());
    need_sender_table();
    const Word index = sender(receiver.badged(1));
    start(thread, body);
    rt::send(index);
    run_others();
    signal(badged(other, 2));
    signal(receiver.badged(4));
    run_others();
    rt::send(index);
    run_others();
    trace.expect("whatever comes", {1, 2, 4, 1});
}

TEST("uintr: a wait ends with what came for any notification of the thread, a poll does not") {
    if (!interrupts_wake())
        return;
    const Registered one;
    const Registered two;
    need_sender_table();
    const Word index = sender(two.badged(2));
    rt::send(index);
    expect_equal("poll the other", 0, poll(one.notification()));
    expect_equal("wait for the other", 2, wait(one.notification()));
    expect_equal("taken", 0, poll(two.notification()));
}

TEST("uintr: a more important thread that is woken runs at once, a less important one later") {
    if (!interrupts_wake())
        return;
    for (const Word priority : {above, below}) {
        user::Thread thread;
        std::atomic<Word> got = 0;
        create(thread, priority);
        const Registered receiver(thread.tcb());
        need_sender_table();
        const Word index = sender(receiver.badged(1));
        const auto body = [&] {
            for (;;)
                got += uintr_park();
        };
        start(thread, body);
        run_others();
        rt::send(index);
        // On several harts another one may be the first to see that it is to be woken.
        const bool came = comes_true([&] { return got != 0; }, 10'000);
        expect_equal("before the test waits", priority == above ? 1 : 0, came ? 1 : 0);
        run_others();
        expect_equal("the vector", bit(receiver.vector_of(1)), got);
    }
}

TEST("uintr: all 64 vectors arrive, at a thread that runs and at one that is parked") {
    if (!interrupts_exist())
        return;
    user::Thread thread;
    Word got = 0;
    create(thread, below);
    const Registered receiver;
    const Registered other(thread.tcb());
    need_sender_table();
    rt::Interrupted noted = {};
    rt::enable_interrupts(rt::rt_entry_that_notes, noted);
    const auto body = [&] {
        for (;;)
            got |= uintr_park();
    };
    start(thread, body);
    for (Word badge = 1; badge < abi::user_vectors; badge++) {
        const Word mine = sender(receiver.badged(badge));
        noted.vectors = 0;
        rt::send(mine);
        expect_equal("at the test", bit(receiver.vector_of(badge)), noted.vectors);
        const Word others = sender(other.badged(badge));
        run_others();
        got = 0;
        uintr_park(others, 1);
        run_others();
        expect_equal("at the other", bit(other.vector_of(badge)), got);
    }
    rt::forbid_interrupts();
    expect("the last one too", receiver.badge_of(63) == 63);
}

namespace {

/// Sends, signals and polls, as drawn, with interrupts on. How many polls found something?
Word interrupt_often(const Registered& receiver, Word index) {
    const CPtr signalled = receiver.badged(2);
    Draw draw(1);
    Word polled = 0;
    for (unsigned i = 0; i < 2000; i++) {
        switch (draw.below(4)) {
        case 0:
            rt::send(index);
            break;
        case 1:
            signal(signalled);
            break;
        case 2:
            rt::forbid_interrupts();
            rt::send(index);
            polled += poll(receiver.notification()) != 0 ? 1 : 0;
            rt::allow_interrupts();
            break;
        default:
            yield();
        }
    }
    return polled;
}

} // namespace

TEST("uintr: a handler is called for something, however often its thread is interrupted") {
    if (!interrupts_exist())
        return;
    static constinit Word calls = 0;
    static constinit Word for_nothing = 0;
    calls = for_nothing = 0;
    const Registered receiver;
    need_sender_table();
    const Word index = sender(receiver.badged(1));
    rt::Interrupted state = {.vectors = 0, .saved = {}, .handler = [](Word vectors) {
                                 calls++;
                                 for_nothing += vectors == 0 ? 1 : 0;
                             }};
    rt::enable_interrupts(rt::rt_entry_that_calls, state);
    user::Thread thread;
    const auto yields = [] {
        for (;;)
            yield();
    };
    start(thread, as_test, yields);
    const Word polled = interrupt_often(receiver, index);
    rt::forbid_interrupts();
    expect("it was called", calls > 500 && polled > 300);
    expect_equal("for nothing", 0, for_nothing);
}
