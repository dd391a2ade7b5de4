// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Instructions that benchmarks make by hand: a reading of the counter, two system calls with
/// nothing around them, and the marks between which tools/plugin/counter.cpp counts.
///
/// The marks are instructions that do nothing on any machine (HINTs: a result that goes to x0).
/// The number of each system call stands right before its `ecall`, where the counter looks for it.
/// Read next: async_thread.hpp, tools/plugin/counter.cpp.
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

/// UintrWakeSyscallHandler.
[[gnu::always_inline]] inline void wake_kernel() {
    asm volatile("li a7, %0\n ecall"
                 :
                 : "i"(abi::Syscall::uintr_wake_syscall_handler)
                 : "a0", "a7", "memory");
}

} // namespace bench
