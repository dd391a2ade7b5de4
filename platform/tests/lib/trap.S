# SPDX-License-Identifier: BSD-2-Clause
#
# Ways into and out of U-mode, and the trap entries of S- and U-mode.
# Always holds: code that U-mode runs (user_*) addresses only relative to the pc, so that it
# works at the kernel's addresses and at the user's view of them (paging.hpp).
# Read next: trap.cpp.

#include "platform/tests/lib/trap_entry.h"

    .section .text.trap, "ax"

    .global supervisor_trap_entry
    .balign 4
supervisor_trap_entry:
    save_frame sscratch, sepc, HART_SUPERVISOR_FRAME, HART_SUPERVISOR_TRAP_STACK
    call    supervisor_trap
    bnez    a0, leave_user
    restore_frame sscratch, sepc, HART_SUPERVISOR_FRAME
    sret

# The U function has returned: go on behind enter_user, with its result.
leave_user:
    csrr    t0, sscratch
    ld      a0, HART_SUPERVISOR_FRAME + 8 * 10(t0)
    addi    t0, t0, HART_CONTEXT
    each_kernel_register ld
    ret

# enter_user(Hart&, pc, stack, argument, return address, through M-mode, mie bits)
    .global enter_user
enter_user:
    addi    t0, a0, HART_CONTEXT
    each_kernel_register sd
    csrw    sepc, a1
    mv      sp, a2
    mv      a0, a3
    mv      ra, a4
    bnez    a5, 1f
    sret
1:  li      a7, SERVICE_ENTER_USER
    ecall

# A U function returns to here with its result in a0. One of these three traps is not delegated
# to U-mode and so ends the visit; the U handler steps over the others.
    .global user_exit, user_exit_end
user_exit:
    ecall
    ebreak
    .2byte  0                       # illegal
    j       user_exit
user_exit_end:

    .global user_trap_entry
    .balign 4
user_trap_entry:
    addi    sp, sp, -FRAME_SIZE
    each_register sd, sp
    addi    t0, sp, FRAME_SIZE
    sd      t0, 8 * 2(sp)
    csrr    t0, UEPC
    sd      t0, 0(sp)
    mv      a0, sp
    csrr    a1, USCRATCH
    call    user_trap
    ld      t0, 0(sp)
    csrw    UEPC, t0
    each_register ld, sp
    ld      sp, 8 * 2(sp)
    .4byte  0x00200073              # uret

# A table for vectored utvec: entry n notes n and joins user_trap_entry.
    .global user_vectors
    .balign 64
    .option push
    .option norvc
user_vectors:
    .set    number, 0
    .rept   16
    j       user_vector_bodies + 32 * number
    .set    number, number + 1
    .endr
user_vector_bodies:
    .set    number, 0
    .rept   16
    addi    sp, sp, -16
    sd      t0, 0(sp)
    csrr    t0, USCRATCH
    sd      t1, 8(sp)
    li      t1, number
    sd      t1, HART_USER_VECTOR(t0)
    j       user_vector_end
    nop
    .set    number, number + 1
    .endr
user_vector_end:
    ld      t0, 0(sp)
    ld      t1, 8(sp)
    addi    sp, sp, 16
    j       user_trap_entry
    .option pop
