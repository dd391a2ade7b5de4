# SPDX-License-Identifier: BSD-2-Clause
#
# The way from user mode into the kernel and back. While a thread runs, sscratch holds the address
# of its context; while the kernel runs, zero. So a trap finds the place for its registers, and a
# trap of the kernel itself, which is a bug, is told apart.
#
#     user mode                    kernel
#     sp = user's                  sp = this hart's stack      tp = this hart's Hart
#     sscratch = &context          sscratch = 0
#
# What is saved: register n in registers[n] of the context, the pc in registers[0], and in next_pc
# where the thread goes on: behind an ecall, else at the same instruction. Then the kernel is
# called:
#
#     ecall                   syscall_entry(a0, ..., a7)    as the thread left them
#     any other trap          trap_entry(scause, stval)
#     a trap of the kernel    kernel_trapped(sepc, scause, stval), which does not come back
#
# The first two answer with the context to load, which may be another thread's.
# The layout of Context and Hart is asserted in kernel/object/context.hpp and kernel/sched/hart.hpp.
# @lab{2.1} save every register, call the kernel, load every register
# Read next: kernel/syscall/trap.cpp.
# @stage{2}

#define REGISTER(n) ((n) * 8)
#define PC REGISTER(0)
#define SP REGISTER(2)
#define NEXT_PC (32 * 8)
#define HART (33 * 8)
#define HART_STACK 8
#define USER_CALL 8
#define ECALL_SIZE 4

    .section .text
    .balign 4
    .global trap_vector
trap_vector:
    # Save every register of the thread, then call syscall_entry or trap_entry.
    # Until that is done there is nothing better than to stop.
1:  j       1b

# void return_to_user(Context* a0)
    .global return_to_user
return_to_user:
    # Load every register of the thread, then sret.
    lla     a0, exercise
    call    lab_todo

    .section .rodata
exercise:
    .string "2.1"
