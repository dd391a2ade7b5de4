// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The entries of user interrupts: vectors are noted or handed to a function, and whoever was
/// interrupted sees no difference.
#include "labs/3-uintr/tests/guest/spinner.hpp"

#include <optional>

namespace {

using Handler = void (*)(Word vectors);

/// The test's own thread, registered, with a sender entry to itself.
struct Self {
    Registered receiver;
    Word index = 0;

    Self() {
        need_sender_table();
        index = sender(receiver.badged(7));
    }
    [[nodiscard]] Word own_bit() const { return bit(receiver.vector_of(7)); }
};

std::atomic<Word> handled = 0; ///< vectors that handlers were called with
std::atomic<Word> calls = 0;
std::atomic<Word> wrong = 0; ///< calls with interrupts on, without vectors, or on a crooked stack

void handler(Word vectors) {
    Word ustatus;
    asm volatile("csrr %0, 0x000" : "=r"(ustatus));
    const Word frame = reinterpret_cast<Word>(__builtin_frame_address(0));
    wrong += vectors == 0 || (ustatus & 1) != 0 || frame % 16 != 0 ? 1 : 0;
    handled.fetch_or(vectors);
    calls++;
    spoil_registers();
}

/// A thread on another hart that sends whenever it was interrupted.
class Answerer {
public:
    explicit Answerer(CPtr to) : to_(to) {
        create_on(thread_, 1, as_test);
        receiver_.emplace(thread_.tcb());
        need_sender_table(thread_.tcb());
        start(thread_, body_);
        comes_true([&] { return up_.load(); });
    }
    [[nodiscard]] const Registered& receiver() const { return *receiver_; }
    [[nodiscard]] Word answers() const { return answers_; }

private:
    struct Body {
        Answerer* answerer;
        void operator()() const { answerer->answer_for_ever(); }
    };
    [[noreturn]] void answer_for_ever() {
        const Word index = sender(to_);
        rt::enable_interrupts(rt::rt_entry_that_notes, noted_);
        up_ = true;
        for (;;) {
            if (noted_.take() == 0)
                continue;
            answers_++;
            rt::send(index);
        }
    }

    CPtr to_;
    rt::Interrupted noted_ = {};
    std::atomic<bool> up_ = false;
    std::atomic<Word> answers_ = 0;
    Body body_{this};
    std::optional<Registered> receiver_;
    user::Thread thread_; ///< last: it stops before the rest goes
};

/// Instructions, where the emulator counts them.
Word cycles() {
    Word count;
    asm volatile("rdcycle %0" : "=r"(count) : : "memory");
    return count;
}

/// What `rounds` sends to itself cost.
Word cost(Word index, unsigned rounds) {
    const Word start = cycles();
    for (unsigned i = 0; i < rounds; i++)
        rt::send(index);
    return cycles() - start;
}

} // namespace

TEST("entry-notes: rt_entry_that_notes adds the vectors to those that were noted, and goes back") {
    const Self self;
    rt::Interrupted noted = {};
    rt::enable_interrupts(rt::rt_entry_that_notes, noted);
    for (unsigned i = 0; i < 10; i++) {
        const Word before = bit(20 + i);
        noted.vectors = before;
        rt::send(self.index);
        if (!expect_equal("the vectors that are noted", before | self.own_bit(), noted.vectors))
            break;
    }
    const bool on = rt::forbid_interrupts();
    expect("interrupts are let in as before", on);
    expect_equal("what is still pending", 0, rt::take_pending());
    expect_equal("uscratch", reinterpret_cast<Word>(&noted), own_scratch());
}

TEST("entry-calls: rt_entry_that_calls calls the function with the vectors, interrupts off") {
    const Self self;
    rt::Interrupted state = {.vectors = 0, .saved = {}, .handler = handler};
    handled = calls = wrong = 0;
    rt::enable_interrupts(rt::rt_entry_that_calls, state);
    for (Word i = 1; i <= 10; i++) {
        rt::send(self.index);
        if (!expect_equal("calls of the function", i, calls))
            break;
    }
    const bool on = rt::forbid_interrupts();
    expect("interrupts are let in as before", on);
    expect_equal("vectors that it was called with", self.own_bit(), handled);
    expect_equal("calls without vectors, with interrupts on, or with a stack that is not aligned "
                 "to 16 bytes",
                 0, wrong);
    expect_equal("what is still pending", 0, rt::take_pending());
}

TEST("entry-notes-keeps: rt_entry_that_notes keeps every register, wherever it comes") {
    rt::Interrupted noted = {};
    Spinner spinner;
    spinner.spin_in_storm(rt::rt_entry_that_notes, noted);
    expect("vectors were noted", noted.vectors != 0);
}

TEST("entry-calls-keeps: rt_entry_that_calls keeps every register, whatever the function does") {
    handled = calls = wrong = 0;
    rt::Interrupted state = {.vectors = 0, .saved = {}, .handler = handler};
    Spinner spinner;
    spinner.spin_in_storm(rt::rt_entry_that_calls, state);
    expect("the function was called", calls != 0);
    expect_equal("calls without vectors, with interrupts on, or with a stack that is not aligned "
                 "to 16 bytes",
                 0, wrong);
}

TEST("entry-pair: two threads on two harts interrupt each other, with no kernel in between") {
    if (several_harts() == 0)
        return;
    const Self self;
    Answerer other(self.receiver.badged(9));
    rt::Interrupted noted = {};
    const Word index = sender(other.receiver().badged(1));
    rt::enable_interrupts(rt::rt_entry_that_notes, noted);
    constexpr Word rounds = 300;
    constexpr Word patience = 2'000'000;
    for (Word i = 1; i <= rounds; i++) {
        rt::send(index);
        Word tries = 0;
        while (noted.take() == 0 && tries < patience)
            tries++;
        if (!expect("an answer comes", tries < patience) ||
            !expect_equal("answers", i, other.answers()))
            break;
    }
    rt::forbid_interrupts();
}

TEST("entry-cost: instructions from an interrupt to what was interrupted, vectors noted") {
    const Self self;
    constexpr unsigned rounds = 1000;
    rt::Interrupted noted = {};
    rt::enable_interrupts(rt::rt_entry_that_notes, noted);
    rt::forbid_interrupts();
    const Word without = cost(self.index, rounds);
    rt::allow_interrupts();
    noted.vectors = 0;
    const Word with = cost(self.index, rounds);
    rt::forbid_interrupts();
    expect_equal("the vectors that are noted", self.own_bit(), noted.vectors);
    expect_equal("what is still pending", 0, rt::take_pending());
    expect("an interrupt costs something", with > without + rounds);
    value((with - without) / rounds);
}
