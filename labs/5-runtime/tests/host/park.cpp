// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Exercise 5.7: a thread parks. Its hart and the kernel are tests/stand_in/machine.hpp; where
/// others send meanwhile, every order is tried.
/// Read next: labs/5-runtime/tests/guest/.
#include "labs/5-runtime/tests/host/setting.hpp"
#include "labs/5-runtime/tests/stand_in/machine.hpp"
#include "runtime/notified.hpp"

namespace {

constexpr unsigned vector = 5;
constexpr Word bit = Word{1} << vector;
constexpr abi::CPtr control = 1;
constexpr abi::CPtr notification = 9; ///< and so the kernel's vector
constexpr Word here = 2;
constexpr Word priority = 100;

/// sleep() enters the exercise.
struct Thread {
    machine::Hart hart;
    abi::BadgePage badges = {};
    rt::Hint hint;
    Blocks blocks{4};
    rt::Executor executor{blocks.pool};
    rt::Notified notified;

    explicit Thread(bool registered = true)
        : notified((machine::current = &hart, executor), {.control = registered ? control : 0,
                                                          .notification = notification,
                                                          .badges = &badges,
                                                          .hint = &hint,
                                                          .hart = here,
                                                          .priority = priority}) {
        explore::name(hint.word, "hint");
    }
    /// Only this thread's hart writes to it, so it is no word of an exploration.
    Word take_noted() {
        const Word noted = executor.interrupted().vectors;
        executor.interrupted().vectors = 0;
        return noted;
    }
};

/// Every execution must pass; one that does not is told step by step.
void explored(const char* meaning, const explore::Outcome& outcome) {
    if (!outcome.passed())
        fail(std::string(meaning) +
             "\nThis is how it comes about, one step a row, one column a thread. Interrupts that "
             "are let in are noted before the thread's next step.\n" +
             outcome.report());
}

/// The thread takes what it is told until this is all that it waits for.
void run_until(Thread& thread, Word wanted) {
    for (Word seen = 0; seen != wanted;) {
        const Word vectors = thread.notified.sleep(0);
        seen |= vectors | thread.take_noted();
        explore::check((seen & ~wanted) == 0, "nothing comes that nobody has sent");
    }
}

} // namespace

TEST_CASE("park-sleeps: with nothing noted it parks, with interrupts off, until it is notified") {
    alone([] {
        Thread thread;
        thread.hart.at_park = [](void* hart) { static_cast<machine::Hart*>(hart)->send_to(bit); };
        thread.hart.context = &thread.hart;
        expect_equal("the vectors that woke it, which sleep() answers", bit,
                     thread.notified.sleep(77));
        expect_equal("times that it parked", 1, thread.hart.parks);
        expect_equal("the deadline that the kernel was told", 77, thread.hart.last_deadline);
        expect("interrupts were kept away when it parked", !thread.hart.parked_with_interrupts);
        expect("interrupts are let in when it goes on", thread.hart.allowed());
        expect_equal("traps that were counted", 1, thread.notified.counts().traps);
    });
}

TEST_CASE("park-noted: what was noted before keeps it awake, and is left for the executor") {
    alone([] {
        Thread thread;
        thread.executor.note(vector);
        expect_equal("vectors that sleep() answers, for they are noted already", 0,
                     thread.notified.sleep(0));
        expect_equal("times that it parked", 0, thread.hart.parks);
        expect("interrupts are let in when it goes on", thread.hart.allowed());
        expect_equal("what is noted", bit, thread.take_noted());
        expect_equal("traps that were counted", 0, thread.notified.counts().traps);
    });
}

TEST_CASE("park-lost: whenever another thread notifies it, it does not sleep through that") {
    alone([] {
        explored("The thread was notified, and sleeps for ever. An interrupt that comes while it "
                 "is let in is only noted, and does not wake: after the last look nothing may be "
                 "let in until the kernel has the thread.",
                 explore::all("falling asleep", [] {
                     Thread thread;
                     thread.hart.alone = false;
                     explore::threads({{"thread", [&] { run_until(thread, bit); }},
                                       {"peer", [&] { thread.hart.send_to(bit); }}});
                     explore::check(thread.hart.allowed(), "interrupts are let in at the end");
                 }));
    });
}

TEST_CASE("park-twice: it parks again and again, and misses neither of two threads") {
    alone([] {
        explored("Two threads have notified this one, and it sleeps for ever.",
                 explore::all("falling asleep twice", [] {
                     Thread thread;
                     thread.hart.alone = false;
                     explore::threads({{"thread", [&] { run_until(thread, bit | bit << 1); }},
                                       {"peer", [&] { thread.hart.send_to(bit); }},
                                       {"another", [&] { thread.hart.send_to(bit << 1); }}});
                 }));
    });
}

TEST_CASE("park-due: a notification that was put off is sent before it sleeps, once, or at once") {
    alone([] {
        Thread thread;
        rt::Hint asleep;
        asleep.word.store_relaxed(rt::Hint::make(here, priority));
        rt::Peer peer(thread.notified, 3, &asleep);
        peer.notify();
        expect_equal("sent to a peer that sleeps on this hart, before this thread sleeps", 0,
                     thread.hart.sent[3]);
        thread.hart.send_to(bit);
        static_cast<void>(thread.notified.sleep(0));
        expect_equal("sent when it has slept", 1, thread.hart.sent[3]);
        static_cast<void>(thread.take_noted());
        thread.hart.send_to(bit);
        static_cast<void>(thread.notified.sleep(0));
        expect_equal("sent when it has slept again, with nothing put off", 1, thread.hart.sent[3]);
        static_cast<void>(thread.take_noted());
        peer.notify();
        thread.executor.note(vector);
        static_cast<void>(thread.notified.sleep(0));
        expect_equal("sent when it could not sleep, for something was noted", 2,
                     thread.hart.sent[3]);
        static_cast<void>(thread.notified.sleep(0));
        expect_equal("sent when it could not sleep again", 2, thread.hart.sent[3]);
    });
}

TEST_CASE("park-hint: the hint says where it sleeps while it does, and nothing else") {
    alone([] {
        static Word hint_at_park = 0;
        Thread thread;
        thread.hart.at_park = [](void* self) {
            auto& parked = *static_cast<Thread*>(self);
            hint_at_park = parked.hint.word.load_relaxed();
            parked.hart.send_to(bit);
        };
        thread.hart.context = &thread;
        static_cast<void>(thread.notified.sleep(0));
        expect_equal("the hint while it is parked", rt::Hint::make(here, priority), hint_at_park);
        expect_equal("the hint when it goes on", 0, thread.hint.word.load_relaxed());
        thread.executor.note(vector);
        static_cast<void>(thread.notified.sleep(0));
        expect_equal("the hint when it could not sleep", 0, thread.hint.word.load_relaxed());
    });
}

TEST_CASE("park-kernel: a thread that is not registered waits for its notification") {
    alone([] {
        Thread thread(false);
        static_cast<void>(thread.notified.sleep(0));
        expect_equal("what it does without user interrupts", "wait ", thread.hart.log);
        expect_equal("times that it parked", 0, thread.hart.parks);
    });
}
