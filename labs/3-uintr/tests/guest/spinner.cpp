// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The thread counts in a loop of its own, so that where it stands tells whether it is in the
/// entry.
#include "labs/3-uintr/tests/guest/spinner.hpp"

#include <array>
#include <bit>
#include <string_view>

extern "C" {
void lab_spin_start();
extern const char lab_spin[];
extern const char lab_spin_end[];
}

asm(R"(
    .text
    .balign 4
    .global lab_spin_start, lab_spin, lab_spin_end
lab_spin_start:
    csrw    0x040, a0
    csrw    0x005, a1
    csrsi   0x004, 1
    csrsi   0x000, 1
lab_spin:
    addi    s1, s1, 1
    addi    s1, s1, -3
    addi    s1, s1, 3
    j       lab_spin
lab_spin_end:
)");

namespace {

constexpr const char* names[abi::user_context_words] = {
    "pc", "ra", "sp", "gp",  "s0",  "s1", "s2", "s3", "s4", "s5", "s6",
    "s7", "s8", "s9", "s10", "s11", "a0", "a1", "a2", "a3", "a4", "a5",
    "a6", "a7", "t0", "t1",  "t2",  "t3", "t4", "t5", "t6", "tp"};

bool changes(const char* name) {
    return std::string_view(name) == "pc" || std::string_view(name) == "s1";
}

} // namespace

void Spinner::begin(void (*entry)(), rt::Interrupted& state) {
    std::array<Word, abi::user_context_words> words;
    for (Word& word : words)
        word = draw_.below(Word{1} << 31) << 33 | draw_.below(Word{1} << 31) << 2;
    registers_ = std::bit_cast<abi::UserContext>(words);
    registers_.pc = reinterpret_cast<Word>(&lab_spin_start);
    registers_.sp = reinterpret_cast<Word>(stack_ + stack_words / 2 + 2 * draw_.below(16));
    registers_.a0 = reinterpret_cast<Word>(&state);
    registers_.a1 = reinterpret_cast<Word>(entry);
    for (Word* word = reinterpret_cast<Word*>(registers_.sp); word < stack_ + stack_words; word++)
        *word = reinterpret_cast<Word>(word);
    expect_success("it starts", tcb_write_registers(thread_.tcb(), registers_, true));
}

bool Spinner::look(const Place& place) {
    abi::UserContext now = {};
    expect_success("it stops", tcb_read_registers(thread_.tcb(), now, true), place);
    const bool in_loop =
        now.pc >= reinterpret_cast<Word>(lab_spin) && now.pc < reinterpret_cast<Word>(lab_spin_end);
    using Words = std::array<Word, abi::user_context_words>;
    const auto before = std::bit_cast<Words>(registers_);
    const auto after = std::bit_cast<Words>(now);
    bool same = true;
    for (unsigned i = 0; in_loop && i < before.size(); i++)
        same = same && (changes(names[i]) || expect_equal(names[i], before[i], after[i], place));
    looks_ += in_loop ? 1 : 0;
    expect_success("it goes on", tcb_resume(thread_.tcb()), place);
    return same;
}

void Spinner::spin_in_storm(void (*entry)(), rt::Interrupted& state, const Place& place) {
    if (several_harts() == 0 || !create_on(thread_, 1, as_test, place))
        return;
    const Registered receiver(thread_.tcb(), place);
    need_sender_table(own_thread(), place);
    const Word index = sender(receiver.badged(1), place);
    begin(entry, state);
    constexpr unsigned rounds = 100;
    for (unsigned i = 0; i < rounds; i++) {
        for (Word sends = draw_.below(3) + 1; sends != 0; sends--) {
            for (Word wait = draw_.below(200); wait != 0; wait--)
                asm volatile("");
            rt::send(index);
        }
        for (Word wait = draw_.below(400); wait != 0; wait--)
            asm volatile("");
        if (!look(place))
            return;
    }
    expect("the entry goes back to what it interrupted", looks_ > rounds / 4, place);
    for (Word* word = reinterpret_cast<Word*>(registers_.sp); word < stack_ + stack_words; word++) {
        if (!expect_equal("the stack of what was interrupted", reinterpret_cast<Word>(word), *word,
                          place))
            return;
    }
}
