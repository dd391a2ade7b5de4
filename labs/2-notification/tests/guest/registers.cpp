// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Programs see nothing of the kernel in their registers: not of their own system calls, not of
/// interrupts, not of a switch to others.
#include "user/tests/registers.hpp"

#include "user/tests/harts.hpp"

namespace {

constexpr const char* register_names[register_count] = {
    "zero", "ra", "sp", "gp", "tp",  "t0",  "t1", "t2", "s0", "s1", "a0",
    "a1",   "a2", "a3", "a4", "a5",  "a6",  "a7", "s2", "s3", "s4", "s5",
    "s6",   "s7", "s8", "s9", "s10", "s11", "t3", "t4", "t5", "t6"};

Word drawn_word(Draw& draw) {
    return draw.below(Word{1} << 31) << 33 ^ draw.below(Word{1} << 31) << 7 ^ draw.below(128);
}

/// Makes a system call with random registers. All are as before, but for a0, which is answered.
/// False if a register is lost.
bool call_keeps(Draw& draw, abi::Syscall number, CPtr cptr, const Place& place = Place::current()) {
    RegisterFile file = {};
    for (unsigned i = 1; i < register_count; i++)
        file.x[i] = drawn_word(draw);
    file.x[a0] = cptr;
    file.x[a1] = 0;
    file.x[a7] = static_cast<Word>(number);
    const RegisterFile before = file;
    system_call_with(file);
    for (unsigned i = 1; i < register_count; i++) {
        if (i == sp || i == a0 || file.x[i] == before.x[i])
            continue;
        fail(place, "register ", register_names[i], " after a system call: expected ",
             shown(before.x[i]), ", got ", shown(file.x[i]));
        return false;
    }
    return true;
}

/// A thread that counts in s1, with random numbers in all other registers.
class Spinner {
public:
    void start(Draw& draw, Word hart, const Place& place = Place::current()) {
        std::array<Word, abi::user_context_words> words;
        for (Word& word : words)
            word = drawn_word(draw);
        words[0] = pc_of(count_forever);
        registers_ = std::bit_cast<abi::UserContext>(words);
        if (create_on(thread_, hart, below, place))
            expect_success("it starts", tcb_write_registers(thread_.tcb(), registers_, true),
                           place);
    }
    /// Looks at all registers. False if one is lost.
    bool look(const Place& place = Place::current()) {
        abi::UserContext now = {};
        expect_success("it stops", tcb_read_registers(thread_.tcb(), now, true), place);
        expect_success("it goes on", tcb_resume(thread_.tcb()), place);
        using Words = std::array<Word, abi::user_context_words>;
        const Words before = std::bit_cast<Words>(registers_);
        const Words after = std::bit_cast<Words>(now);
        for (unsigned i = 1; i < abi::user_context_words; i++) {
            const unsigned number = abi::user_context_registers[i];
            if (number == 9 || before[i] == after[i])
                continue;
            fail(place, "register ", register_names[number],
                 " of a thread that was interrupted: ", "expected ", shown(before[i]), ", got ",
                 shown(after[i]));
            return false;
        }
        counted_ = now.s1 - registers_.s1;
        return expect("it is in its loop still", now.pc - pc_of(count_forever) < 8, place);
    }
    [[nodiscard]] CPtr tcb() const { return thread_.tcb(); }
    [[nodiscard]] Word counted() const { return counted_; }

private:
    abi::UserContext registers_ = {};
    Word counted_ = 0;
    user::Thread thread_;
};

} // namespace

TEST("keep-calls: a system call keeps every register but those of its answer") {
    Draw draw(test::seed());
    const CPtr plain = make(ObjectType::notification);
    const CPtr signalled = badged(plain, 5);
    user::Thread other;
    std::atomic<bool> over = false;
    const auto yields = [&] {
        while (!over)
            yield();
    };
    start(other, as_test, yields);
    for (unsigned round = 0; round < 20; round++) {
        if (!call_keeps(draw, abi::Syscall::send, signalled) ||
            !call_keeps(draw, abi::Syscall::receive, plain) ||
            !call_keeps(draw, abi::Syscall::yield, 0) ||
            !call_keeps(draw, abi::Syscall::non_blocking_receive, plain))
            break;
    }
    over = true;
    run_equals(as_test, 2);
}

TEST("keep-storm: threads that are interrupted, stopped, reordered and moved keep every register") {
    const Word harts = several_harts();
    if (harts == 0)
        return;
    Draw draw(test::seed());
    constexpr Word count = 4;
    Spinner spinners[count];
    for (Spinner& spinner : spinners)
        spinner.start(draw, 1 + draw.below(harts - 1));
    for (unsigned round = 0; round < 150; round++) {
        Spinner& spinner = spinners[draw.below(count)];
        if (draw.below(3) == 0)
            expect_success("it moves", set_affinity(spinner.tcb(), 1 + draw.below(harts - 1)));
        else
            expect_success("it is reordered",
                           tcb_set_priority(spinner.tcb(), below + draw.below(4)));
        for (Word wait = draw.below(300); wait != 0; wait--)
            asm volatile("");
        if (!spinners[draw.below(count)].look())
            return;
    }
    Word counted = 0;
    for (Spinner& spinner : spinners) {
        spinner.look();
        counted += spinner.counted();
    }
    expect("they counted meanwhile", counted != 0);
}
