// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// User interrupts as instructions and registers: sending, taking, and what happens when one comes.
///
///     another thread: send(index) ─ ─> this thread, UIE on ──> its entry (interrupt_entry.S)
///
/// A thread is registered first (abi::UintrRegisterReceiver); enable() then lets interrupts in.
/// Reference: N extension, draft 1.1; UINTC specification. Read next: interrupt_entry.S.
/// @stage{3}
#pragma once

#include "kernel/abi/user_interrupt.hpp"
#include "runtime/interrupted.hpp"

namespace rt {

using abi::Word;

extern "C" {
/// Notes the vectors in Interrupted::vectors: the least that can be done.
void rt_entry_that_notes();
/// Calls Interrupted::handler.
void rt_entry_that_calls();
}

/// Sends what the entry of the own sender table says. An index without an entry does nothing.
/// What was stored before is seen by the receiver's thread when the interrupt comes.
inline void send(Word index) {
    asm volatile("fence w, o\n.insn r 0x7b, 6, 0, x0, %0, x0" : : "r"(index) : "memory");
}

/// Takes what is pending: the vectors, as bits.
[[nodiscard]] inline Word take_pending() {
    Word vectors;
    asm volatile(".insn r 0x7b, 6, 1, %0, x0, x0\nfence i, r" : "=r"(vectors) : : "memory");
    return vectors;
}

/// Puts vectors back, as if they had just come.
inline void put_pending(Word vectors) {
    asm volatile(".insn r 0x7b, 6, 2, x0, %0, x0" : : "r"(vectors) : "memory");
}

/// Lets interrupts in (UIE). Those that are pending come at once.
inline void allow_interrupts() { asm volatile("csrsi 0x000, 1" : : : "memory"); }

/// Keeps interrupts away: they stay pending. Were they let in before?
inline bool forbid_interrupts() {
    Word before;
    asm volatile("csrrci %0, 0x000, 1" : "=r"(before) : : "memory");
    return (before & 1) != 0;
}

/// From now on interrupts of this thread, which is registered, go to `entry`. They are let in.
/// `state` lives as long as the thread, and is no other thread's.
inline void enable_interrupts(void (*entry)(), Interrupted& state) {
    asm volatile("csrw 0x040, %0\ncsrw 0x005, %1\ncsrsi 0x004, 1\ncsrsi 0x000, 1"
                 :
                 : "r"(&state), "r"(entry)
                 : "memory");
}

} // namespace rt
