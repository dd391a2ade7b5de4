# SPDX-License-Identifier: BSD-2-Clause
#
# The bare environment: no firmware. Every hart starts here in M-mode, opens memory to the other
# privileges, delegates every exception that U-mode can raise, and goes on in S-mode; all but
# hart 0 first sleep until another hart starts them with a software interrupt.
# Read next: bare.cpp (M-mode's traps and services), start.S (what follows in S-mode).

#include "platform/tests/lib/trap_entry.h"

#define DELEGATED_EXCEPTIONS 0x40B1FF   /* 0-8, 12, 13, 15 and, from guests, 22 */
#define MSTATUS_MIE (1 << 3)
#define MSTATUS_MPIE (1 << 7)
#define MSTATUS_MPP (3 << 11)
#define MSTATUS_MPP_SUPERVISOR (1 << 11)
#define MACHINE_SOFTWARE (1 << 3)

    .section .text.start, "ax"
    .global _start
_start:
    csrr    a0, mhartid
    li      t0, MAX_HARTS
    bgeu    a0, t0, surplus
    la      tp, harts
    slli    t0, a0, 11
    add     tp, tp, t0
    csrw    mscratch, tp
    la      t0, machine_trap_entry
    csrw    mtvec, t0
    li      t0, -1
    csrw    pmpaddr1, t0            # entry 0 is left to the tests
    li      t0, 0x1F00
    csrw    pmpcfg0, t0
    li      t0, DELEGATED_EXCEPTIONS
    csrw    medeleg, t0
    li      t0, 0x222
    csrw    mideleg, t0
    li      t0, 7
    csrw    mcounteren, t0
    csrw    mie, zero
    bnez    a0, machine_park
    la      t0, supervisor_start
    j       continue_in_supervisor_mode

# More harts than the tests have room for.
surplus:
    wfi
    j       surplus

    .global machine_park
    .balign 4
machine_park:
    csrci   mstatus, MSTATUS_MIE    # woken, not interrupted
    li      t0, MACHINE_SOFTWARE
    csrw    mie, t0
1:  wfi
    csrr    t0, mip
    andi    t0, t0, MACHINE_SOFTWARE
    beqz    t0, 1b
    csrw    mie, zero
    fence   i, r
    csrr    tp, mscratch
    ld      sp, HART_MACHINE_TRAP_STACK(tp)
    call    acknowledge_start
    la      t0, supervisor_start_again

continue_in_supervisor_mode:
    csrw    mepc, t0
    li      t0, MSTATUS_MPP | MSTATUS_MPIE
    csrc    mstatus, t0
    li      t0, MSTATUS_MPP_SUPERVISOR
    csrs    mstatus, t0
    mret

# uint64_t in_machine_mode(function, argument): between the ecall and the mret the caller's
# registers and stack are used in M-mode.
    .global in_machine_mode
in_machine_mode:
    addi    sp, sp, -16
    sd      ra, 0(sp)
    mv      t0, a0
    mv      a0, a1
    li      a7, SERVICE_STAY
    ecall
    jalr    t0
    ld      ra, 0(sp)
    addi    sp, sp, 16
    csrci   mstatus, MSTATUS_MIE
    mv      t0, ra
    j       continue_in_supervisor_mode

    .global machine_trap_entry
    .balign 4
machine_trap_entry:
    save_frame mscratch, mepc, HART_MACHINE_FRAME, HART_MACHINE_TRAP_STACK
    call    machine_trap
    restore_frame mscratch, mepc, HART_MACHINE_FRAME
    mret
