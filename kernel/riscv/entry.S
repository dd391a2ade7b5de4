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
#define X11_TO_X31 \
    11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
#define PC REGISTER(0)
#define SP REGISTER(2)
#define NEXT_PC (32 * 8)
#define HART (33 * 8)
#define HART_STACK 8
#define STACK_SIZE 0x3000
#define USER_CALL 8
#define PARK 42
#define ECALL_SIZE 4

# Saves x\n for each n.
.macro save registers:vararg
    .irp    n, \registers
    sd      x\n, REGISTER(\n)(sp)
    .endr
.endm

# The rest of what is saved, and this hart's stack; t1 is the pc.
.macro enter
    csrrw   t0, sscratch, zero
    sd      t0, SP(sp)
    csrr    t1, sepc
    ld      tp, HART(sp)
    sd      t1, PC(sp)
.endm

    .section .text
    .balign 4
    .global trap_vector
trap_vector:
    csrrw   sp, sscratch, sp
    beqz    sp, trap_of_kernel
    save    5                       # t0, to see what it is
    csrr    t0, scause
    addi    t0, t0, -USER_CALL
    bnez    t0, exception
    # @cond NONE
    addi    t0, a7, PARK
    beqz    t0, park
    # @endcond

    # A system call: a0 to a7 are as the thread left them. It goes on behind the ecall.
    save    1, 3, 4, 6, 7, 8, 9, 10, X11_TO_X31
    enter
    addi    t1, t1, ECALL_SIZE
    sd      t1, NEXT_PC(sp)
    ld      sp, HART_STACK(tp)
    call    syscall_entry

# void return_to_user(Context* a0)
    .global return_to_user
return_to_user:
    ld      t0, NEXT_PC(a0)
    csrw    sscratch, a0
    csrw    sepc, t0
    sc.d    t1, zero, (a0)          # what another thread has reserved does not count here
    .irp    n, 1, 2, 3, 4, 5, 6, 7, 8, 9, X11_TO_X31    # x10 is a0: last
    ld      x\n, REGISTER(\n)(a0)
    .endr
    ld      a0, REGISTER(10)(a0)
    sret

    # An exception or an interrupt.
exception:
    save    1, 3, 4, 6, 7, 8, 9, 10, X11_TO_X31
    enter
    sd      t1, NEXT_PC(sp)
    ld      sp, HART_STACK(tp)
    csrr    a0, scause
    csrr    a1, stval
    call    trap_entry
    j       return_to_user

    # @cond NONE
    # UintrPark: it keeps what a function keeps, and what it takes to begin again.
park:
    save    3, 4, 8, 9, 10, 11, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27
    enter
    addi    t1, t1, ECALL_SIZE
    sd      t1, NEXT_PC(sp)
    ld      sp, HART_STACK(tp)
    call    park_entry
    j       return_to_user

    # @endcond
# The kernel trapped. Its registers are lost: all that is left is to say where. A stack that is
# full (riscv/stack.hpp) begins anew for that.
trap_of_kernel:
    csrr    a0, sepc
    csrr    a1, scause
    csrr    a2, stval
    csrrw   sp, sscratch, sp
    ld      t0, HART_STACK(tp)
    li      t1, STACK_SIZE
    sub     t2, t0, sp
    bleu    t2, t1, 1f
    mv      sp, t0
1:  call    kernel_trapped
