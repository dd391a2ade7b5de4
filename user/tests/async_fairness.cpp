// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Whose turn it is: a registration with work is like one more thread of its owner's priority.
/// Read next: kernel/async/registration.hpp.
/// @stage{6}
#include "user/lib/machine.hpp"
#include "user/tests/async.hpp"
#include "user/tests/vspace.hpp"

namespace {

/// Calls that last: a large page is cleared, and given back. As two are made at a time, some are
/// refused.
class LongCalls {
public:
    static constexpr unsigned at_once = 5;

    void put(Calls& calls) const {
        for (unsigned i = 0; i < at_once; i++) {
            calls.put(
                1, memory_,
                abi::UntypedRetype{static_cast<Word>(ObjectType::mega_page), 0, 0, 0, frame_, 1},
                own_cnode);
            calls.put(2, own_cnode, abi::CNodeRevoke{memory_, full_depth});
        }
    }
    static constexpr unsigned replies = 2 * at_once;

private:
    CPtr memory_ = make(ObjectType::untyped, abi::mega_page_bits);
    CPtr frame_ = empty_slot();
};

void put_signal(Calls& calls, CPtr notification) {
    calls.put_words(3, abi::ItemInfo::make(0, 1), std::array<Word, 1>{notification});
}

/// A thread that is less important than the test, and its calls: a signal, then some that last.
class LesserCalls {
public:
    /// When it returns the signal has been sent: from now on the rest has to wait for the test.
    void begin() {
        start(thread_, below, body_);
        wait(first_);
    }
    /// How far the kernel has come with its replies.
    [[nodiscard]] Word progress() const { return calls_.header().server.out.tail.load_relaxed(); }
    /// Gives way until all is done.
    void finish() {
        for (unsigned i = 0; i < 1 + LongCalls::replies; i++) {
            while (!calls_.has_reply())
                run_others();
            static_cast<void>(calls_.take_reply());
        }
        thread_.join();
    }

private:
    struct Body {
        LesserCalls* self;
        void operator()() const {
            self->calls_.open();
            put_signal(self->calls_, self->first_);
            self->longs_.put(self->calls_);
            self->calls_.submit();
        }
    };
    LongCalls longs_;
    Calls calls_{{.open = false}};
    CPtr first_ = badged(make(ObjectType::notification), 1);
    Body body_{this};
    user::Thread thread_;
};

/// Uses the hart, without any trap, for this many milliseconds.
void spin(Word milliseconds) {
    const Word end = machine::time() + milliseconds * (user::ticks_per_second() / 1000);
    while (machine::time() < end) {
    }
}

/// A thread with a registration that is served all the time.
class Busy {
public:
    explicit Busy(Word priority, Word hart = 0) : calls_({.open = false}) {
        create(thread_, priority);
        if (hart != 0)
            expect_success("a hart", set_affinity(thread_.tcb(), hart));
        start(thread_, body_);
    }
    [[nodiscard]] Word served() const { return served_; }
    /// Is it served again and again?
    [[nodiscard]] bool goes_on() const {
        const Word before = served();
        return comes_true([&] { return served() > before + 20; });
    }
    [[nodiscard]] CPtr tcb() const { return thread_.tcb(); }

private:
    struct Body {
        Busy* self;
        void operator()() const {
            self->calls_.open();
            for (;;) {
                for (unsigned i = 0; i < 12; i++)
                    self->calls_.put(i, self->thread_.tcb(), abi::TcbSetFlags{0, 0});
                self->calls_.submit();
                for (unsigned i = 0; i < 12; i++) {
                    while (!self->calls_.has_reply()) {
                    }
                    static_cast<void>(self->calls_.take_reply());
                    self->served_.fetch_add(1, std::memory_order_relaxed);
                }
            }
        }
    };
    Calls calls_;
    std::atomic<Word> served_ = 0;
    Body body_{this};
    user::Thread thread_;
};

} // namespace

TEST("async: what a call wakes runs after the turn, if it is more important") {
    Calls calls;
    const CPtr alarm = badged(make(ObjectType::notification), 1);
    const CPtr witness = make(ObjectType::notification);
    std::atomic<Word> seen = 0;
    user::Thread thread;
    const auto waits = [&] {
        wait(alarm);
        seen = poll(witness);
    };
    start(thread, above, waits);
    comes_true([&] { return thread.tcb() != 0; });
    put_signal(calls, alarm);
    for (unsigned i = 1; i < 31; i++)
        put_signal(calls, badged(witness, Word{1} << i));
    calls.submit();
    for (unsigned i = 0; i < 31; i++)
        expect_equal("no error", Error::none, calls.reply().error);
    thread.join();
    if (!config::smp)
        expect("it did not wait for the whole burst", seen.load() < Word{1} << 16);
}

TEST("async: a spinner keeps less important calls waiting") {
    if (user::boot_info().nodes > 1)
        return skip("other harts do the work");
    LesserCalls calls;
    calls.begin();
    const Word before = calls.progress();
    spin(30);
    expect_equal("nothing of it was done", before, calls.progress());
    calls.finish();
}

TEST("async: calls of somebody less important cost nothing as long as they wait") {
    if (user::boot_info().nodes > 1)
        return skip("other harts do the work, and take the lock of the kernel for it");
    if (config::debug)
        return skip("this kernel checks itself, and takes its time");
    constexpr Word traps = 3000;
    const CPtr tcb = bare_thread();
    const auto time_of_traps = [&] {
        const Word start = machine::time();
        for (Word i = 0; i < traps; i++)
            static_cast<void>(invoke(tcb, abi::TcbSetFlags{0, 0}));
        return machine::time() - start;
    };
    LesserCalls calls;
    static_cast<void>(time_of_traps());
    const Word alone = time_of_traps();
    calls.begin();
    const Word beside_calls = time_of_traps();
    // The clock is one of instructions; a tick of the kernel more or less falls into the time.
    expect("no more instructions", beside_calls <= alone + alone / 100);
    calls.finish();
}

TEST("async: a spinner does not keep equal calls waiting") {
    const LongCalls longs;
    Calls calls({.open = false});
    user::Thread thread;
    const auto client = [&] {
        calls.open();
        longs.put(calls);
        calls.submit();
    };
    start(thread, as_test, client);
    unsigned replies = 0;
    for (unsigned i = 0; i < 20 && replies < LongCalls::replies; i++) {
        spin(20);
        for (; calls.has_reply(); replies++)
            static_cast<void>(calls.take_reply());
    }
    expect_equal("all was done", unsigned{LongCalls::replies}, replies);
    thread.join();
}

TEST("async: a client that never traps is served when a tick comes") {
    Calls calls;
    for (unsigned i = 0; i < 5; i++) {
        calls.put(i, calls.frame(), abi::PageGetAddress{});
        static_cast<void>(calls.publish());
        const Word end = machine::time() + user::ticks_per_second() / 50;
        while (!calls.has_reply() && machine::time() < end) {
        }
        if (!expect("it is answered", calls.has_reply()))
            return;
        static_cast<void>(calls.take_reply());
    }
}

TEST("async: clients of equal priority and other equals take turns") {
    const Busy first(below);
    const Busy second(below);
    std::atomic<Word> count = 0;
    user::Thread counter;
    const auto counts = [&] {
        for (;;)
            count++;
    };
    start(counter, below, counts);
    for (unsigned i = 0; i < 3; i++) {
        Word before[3];
        const auto all = [&](Word more) {
            return first.served() > before[0] + more && second.served() > before[1] + more &&
                   count > before[2] + more;
        };
        before[0] = first.served();
        before[1] = second.served();
        before[2] = count;
        run_equals(below, 6);
        expect("each had its turn", all(10));
    }
}

TEST("async: many registrations are served at once") {
    const Busy clients[] = {Busy(as_test), Busy(as_test), Busy(as_test),
                            Busy(as_test), Busy(as_test), Busy(as_test)};
    for (const Busy& client : clients)
        expect("it goes on", client.goes_on());
}

TEST("async: the owner's priority counts, also when it changes under way") {
    if (user::boot_info().nodes > 1)
        return skip("other harts do the work");
    const Busy client(as_test);
    expect("it goes on", client.goes_on());
    expect_success("less important", tcb_set_priority(client.tcb(), below));
    const Word before = client.served();
    spin(40);
    expect_equal("now it has to wait", before, client.served());
    for (unsigned i = 0; i < 5; i++)
        yield();
    expect_equal("yielding does not help", before, client.served());
    expect_success("equal again", tcb_set_priority(client.tcb(), as_test));
    expect("it goes on", client.goes_on());
}

TEST("async harts: an idle hart does the work, while the client goes on") {
    if (several_harts() == 0)
        return;
    const LongCalls longs;
    Calls calls;
    for (unsigned round = 0; round < 3; round++) {
        longs.put(calls);
        calls.submit();
        Word turns = 0;
        while (!calls.has_reply())
            turns++;
        expect("the client went on", turns > 100);
        for (unsigned i = 0; i < LongCalls::replies; i++)
            static_cast<void>(calls.reply());
    }
}

TEST("async harts: if all others do what is more important, the client's hart does it itself") {
    const Word harts = several_harts();
    if (harts == 0)
        return;
    Counter counters[3];
    for (Word hart = 1; hart < harts; hart++) {
        counters[hart - 1].start(hart, above);
        expect("it runs", counters[hart - 1].runs());
    }
    Calls calls;
    for (unsigned round = 0; round < 5; round++) {
        for (unsigned i = 0; i < 10; i++)
            calls.put(i, calls.frame(), abi::PageGetAddress{});
        calls.submit();
        expect("all is done when the system call returns", calls.has_reply());
        for (unsigned i = 0; i < 10; i++)
            expect_equal("whose", i, calls.reply().id);
    }
    for (Word hart = 1; hart < harts; hart++)
        expect("nobody was kept from running", counters[hart - 1].runs());
}

TEST("async harts: the hart that does what is least important is chosen") {
    const Word harts = several_harts();
    if (harts < 4)
        return;
    // Hart 2 alone runs something less important than the client.
    Counter counters[3];
    for (Word hart = 1; hart < 4; hart++)
        counters[hart - 1].start(hart, hart == 2 ? below : above);
    for (const Counter& counter : counters)
        expect("it runs", counter.runs());
    const LongCalls longs;
    Calls calls;
    longs.put(calls);
    const Word before = counters[1].count();
    calls.submit();
    const Word then = counters[1].count();
    Word turns = 0;
    while (!calls.has_reply())
        turns++;
    expect("the client went on", turns > 100);
    expect("and hart 2 hardly did anything else",
           counters[1].count() - then <= then - before + 2000);
    for (unsigned i = 0; i < LongCalls::replies; i++)
        static_cast<void>(calls.reply());
    expect("afterwards it goes on", counters[1].runs());
}

TEST("async harts: every hart is used by as many registrations") {
    const Word harts = several_harts();
    if (harts == 0)
        return;
    const Busy clients[] = {Busy(as_test), Busy(as_test, 1), Busy(as_test), Busy(below, harts - 1)};
    for (const Busy& client : clients)
        expect("it goes on", client.goes_on());
}
