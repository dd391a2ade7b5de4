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
#define STACK_SIZE 0x3000
#define USER_CALL 8
#define ECALL_SIZE 4

    .section .text
    .balign 4
    .global trap_vector
trap_vector:
    csrrw   sp, sscratch, sp
    beqz    sp, trap_of_kernel
    sd      ra, REGISTER(1)(sp)
    sd      gp, REGISTER(3)(sp)
    sd      tp, REGISTER(4)(sp)
    sd      t0, REGISTER(5)(sp)
    sd      t1, REGISTER(6)(sp)
    sd      t2, REGISTER(7)(sp)
    sd      s0, REGISTER(8)(sp)
    sd      s1, REGISTER(9)(sp)
    sd      a0, REGISTER(10)(sp)
    sd      a1, REGISTER(11)(sp)
    sd      a2, REGISTER(12)(sp)
    sd      a3, REGISTER(13)(sp)
    sd      a4, REGISTER(14)(sp)
    sd      a5, REGISTER(15)(sp)
    sd      a6, REGISTER(16)(sp)
    sd      a7, REGISTER(17)(sp)
    sd      s2, REGISTER(18)(sp)
    sd      s3, REGISTER(19)(sp)
    sd      s4, REGISTER(20)(sp)
    sd      s5, REGISTER(21)(sp)
    sd      s6, REGISTER(22)(sp)
    sd      s7, REGISTER(23)(sp)
    sd      s8, REGISTER(24)(sp)
    sd      s9, REGISTER(25)(sp)
    sd      s10, REGISTER(26)(sp)
    sd      s11, REGISTER(27)(sp)
    sd      t3, REGISTER(28)(sp)
    sd      t4, REGISTER(29)(sp)
    sd      t5, REGISTER(30)(sp)
    sd      t6, REGISTER(31)(sp)
    csrrw   t0, sscratch, zero
    sd      t0, SP(sp)
    csrr    t1, sepc
    csrr    t0, scause
    sd      t1, PC(sp)
    li      t2, USER_CALL
    ld      tp, HART(sp)
    bne     t0, t2, 1f

    # A system call: a0 to a7 are as the thread left them. It goes on behind the ecall.
    addi    t1, t1, ECALL_SIZE
    sd      t1, NEXT_PC(sp)
    ld      sp, HART_STACK(tp)
    call    syscall_entry
    j       return_to_user

1:  sd      t1, NEXT_PC(sp)
    ld      sp, HART_STACK(tp)
    mv      a0, t0
    csrr    a1, stval
    call    trap_entry

# void return_to_user(Context* a0)
    .global return_to_user
return_to_user:
    ld      t0, NEXT_PC(a0)
    csrw    sscratch, a0
    csrw    sepc, t0
    sc.d    t1, zero, (a0)          # what another thread has reserved does not count here
    ld      ra, REGISTER(1)(a0)
    ld      gp, REGISTER(3)(a0)
    ld      tp, REGISTER(4)(a0)
    ld      t1, REGISTER(6)(a0)
    ld      t2, REGISTER(7)(a0)
    ld      s0, REGISTER(8)(a0)
    ld      s1, REGISTER(9)(a0)
    ld      a1, REGISTER(11)(a0)
    ld      a2, REGISTER(12)(a0)
    ld      a3, REGISTER(13)(a0)
    ld      a4, REGISTER(14)(a0)
    ld      a5, REGISTER(15)(a0)
    ld      a6, REGISTER(16)(a0)
    ld      a7, REGISTER(17)(a0)
    ld      s2, REGISTER(18)(a0)
    ld      s3, REGISTER(19)(a0)
    ld      s4, REGISTER(20)(a0)
    ld      s5, REGISTER(21)(a0)
    ld      s6, REGISTER(22)(a0)
    ld      s7, REGISTER(23)(a0)
    ld      s8, REGISTER(24)(a0)
    ld      s9, REGISTER(25)(a0)
    ld      s10, REGISTER(26)(a0)
    ld      s11, REGISTER(27)(a0)
    ld      t3, REGISTER(28)(a0)
    ld      t4, REGISTER(29)(a0)
    ld      t5, REGISTER(30)(a0)
    ld      t6, REGISTER(31)(a0)
    ld      t0, REGISTER(5)(a0)
    ld      sp, REGISTER(2)(a0)
    ld      a0, REGISTER(10)(a0)
    sret

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
