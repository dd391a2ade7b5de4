// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Instructions that benchmarks make by hand: a reading of the counter, two system calls with
/// nothing around them, and the marks between which tools/bench/counter.c counts.
///
/// The marks are instructions that do nothing on any machine (HINTs: a result that goes to x0).
/// The number of each system call stands right before its `ecall`, where the counter looks for it.
/// Read next: async_thread.hpp, tools/bench/counter.c.
/// @stage{none}
#pragma once

#include "kernel/abi/syscall.hpp"
#include "kernel/abi/types.hpp"

namespace bench {

using abi::Word;

/// Instructions where QEMU counts them, else the host's time.
[[gnu::always_inline]] inline Word cycles() {
    Word count;
    asm volatile("rdcycle %0" : "=r"(count) : : "memory");
    return count;
}

/// What is counted lies between these.
[[gnu::always_inline]] inline void mark_begin() { asm volatile("slti x0, x0, 1" : : : "memory"); }
[[gnu::always_inline]] inline void mark_end() { asm volatile("slti x0, x0, 2" : : : "memory"); }

/// UintrPark with a send. Answers the vectors that came.
[[gnu::always_inline]] inline Word park_and_send(Word sender) {
    register Word a0 asm("a0") = sender;
    register Word a1 asm("a1") = 0;
    asm volatile("li a7, %2\n ecall"
                 : "+r"(a0)
                 : "r"(a1), "i"(abi::Syscall::uintr_park)
                 : "a7", "memory");
    return a0;
}

/// The same without.
[[gnu::always_inline]] inline Word park() {
    register Word a0 asm("a0");
    register Word a1 asm("a1") = 0;
    asm volatile("li a0, -1\n li a7, %2\n ecall"
                 : "=r"(a0)
                 : "r"(a1), "i"(abi::Syscall::uintr_park)
                 : "a7", "memory");
    return a0;
}

/// UintrWakeSyscallHandler.
[[gnu::always_inline]] inline void wake_kernel() {
    asm volatile("li a7, %0\n ecall"
                 :
                 : "i"(abi::Syscall::uintr_wake_syscall_handler)
                 : "a0", "a7", "memory");
}

} // namespace bench
