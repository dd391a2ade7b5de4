// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// An SBI call: a7 is the extension, a6 the function in it; a0 returns an error, a1 a value. The
/// legacy console extension has no functions, and is the only one OpenSBI 1.1 has for characters.
/// @stage{1}
#include "kernel/riscv/sbi.hpp"

#include "kernel/lib/window.hpp"

namespace {

enum class Extension : Word {
    console_put_char = 0x01,
    timer = 0x5449'4d45,               // "TIME"
    interrupt = 0x0073'5049,           // "sPI"
    hart_state_management = 0x48'534d, // "HSM"
    system_reset = 0x5352'5354,        // "SRST"
};

struct Answer {
    Word error;
    Word value;
};

Answer call(Extension extension, Word function, Word first, Word second = 0, Word third = 0) {
    register Word a0 asm("a0") = first;
    register Word a1 asm("a1") = second;
    register Word a2 asm("a2") = third;
    register Word a6 asm("a6") = function;
    register Word a7 asm("a7") = static_cast<Word>(extension);
    asm volatile("ecall" : "+r"(a0), "+r"(a1) : "r"(a2), "r"(a6), "r"(a7) : "memory");
    return {a0, a1};
}

/// Register of the finisher; null: there is none. Immutable after boot.
constinit volatile uint32_t* finisher_register = nullptr;

constexpr uint32_t finisher_success = 0x5555;
constexpr uint32_t finisher_failure = 0x3333; // the exit code is in the upper half

} // namespace

namespace sbi {

void put_char(char character) {
    call(Extension::console_put_char, 0, static_cast<unsigned char>(character));
}

void stop_machine(Stop reason) {
    const bool failure = reason == Stop::failure;
    if (finisher_register != nullptr)
        *finisher_register = failure ? 1U << 16 | finisher_failure : finisher_success;
    constexpr Word shutdown = 0;
    call(Extension::system_reset, 0, shutdown, failure ? 1 : 0);
    for (;;)
        asm volatile("wfi");
}

void use_finisher(PAddr finisher) { finisher_register = window<volatile uint32_t>(finisher); }

void set_timer(Word time) { call(Extension::timer, 0, time); }

void send_ipi(Word sbi_hart_id) {
    call(Extension::interrupt, 0, 1, sbi_hart_id); // a mask, and the hart of its bit 0
}

bool start_hart(Word sbi_hart_id, PAddr entry) {
    constexpr Word start = 0;
    const auto answer = call(Extension::hart_state_management, start, sbi_hart_id, entry.value);
    return answer.error == 0;
}

} // namespace sbi
