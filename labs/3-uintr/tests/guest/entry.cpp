// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The entries of user interrupts: vectors are noted or handed to a function, and whoever was
/// interrupted sees no difference.
#include "labs/3-uintr/tests/guest/spinner.hpp"

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
    Self self;
    user::Thread thread;
    rt::Interrupted theirs_noted = {};
    rt::Interrupted mine_noted = {};
    std::atomic<Word> answers = 0;
    create_on(thread, 1, as_test);
    const Registered theirs(thread.tcb());
    need_sender_table(thread.tcb());
    const CPtr to_me = self.receiver.badged(9);
    std::atomic<bool> up = false;
    const auto body = [&] {
        const Word index = sender(to_me);
        rt::enable_interrupts(rt::rt_entry_that_notes, theirs_noted);
        up = true;
        for (;;) {
            if (theirs_noted.take() == 0)
                continue;
            answers++;
            rt::send(index);
        }
    };
    start(thread, body);
    const Word index = sender(theirs.badged(1));
    comes_true([&] { return up.load(); });
    rt::enable_interrupts(rt::rt_entry_that_notes, mine_noted);
    constexpr Word rounds = 300;
    for (Word i = 1; i <= rounds; i++) {
        rt::send(index);
        Word tries = 0;
        while (mine_noted.take() == 0 && tries < 100'000)
            tries++;
        if (!expect("an answer comes", tries < 100'000) || !expect_equal("answers", i, answers))
            break;
    }
    rt::forbid_interrupts();
    thread.destroy();
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
