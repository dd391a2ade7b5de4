# SPDX-License-Identifier: BSD-2-Clause
#
# Where user interrupts arrive. Hardware has put the pc into uepc and UIE into UPIE; every register
# is the interrupted code's, and uscratch points to struct Interrupted.
# Clearing uip does nothing on hardware that raises a level, as ours; on older models, which raise
# an edge, it is what ends the interrupt.
# rt_entry_that_notes adds the vectors to Interrupted::vectors; rt_entry_that_calls calls
# Interrupted::handler with them, on the stack of the interrupted code, which is aligned to 16
# bytes. Then the interrupted code goes on, every register, uscratch and UIE as they were.
# @lab{3.7} note the vectors; every register as it was
# Read next: runtime/riscv/user_interrupt.hpp.
# @stage{3}

#define USCRATCH 0x040
#define UIP 0x044
#define VECTORS 0
#define SAVED 8
#define HANDLER 24
#define URET .word 0x00200073
#define FRAME (16 * 8)
#define UIPI_READ_T1 .insn r 0x7b, 6, 1, t1, x0, x0

    .text
    .balign 4
    .global rt_entry_that_notes
rt_entry_that_notes:
    csrrw   t0, USCRATCH, t0
    sd      t1, SAVED(t0)
    UIPI_READ_T1
    fence   i, r
    csrci   UIP, 1
    amoor.d zero, t1, (t0)          # VECTORS
    ld      t1, SAVED(t0)
    csrrw   t0, USCRATCH, t0
    URET

# Calls a function: it may change the registers that a function may change.
#define CALLER_SAVED 5, 6, 7, 28, 29, 30, 31, 10, 11, 12, 13, 14, 15, 16, 17
    .balign 4
    .global rt_entry_that_calls
rt_entry_that_calls:
    addi    sp, sp, -FRAME
    sd      ra, 0(sp)
    .set    place, 8
    .irp    n, CALLER_SAVED
    sd      x\n, place(sp)
    .set    place, place + 8
    .endr
    .insn   r 0x7b, 6, 1, a0, x0, x0    # uipi.read a0
    fence   i, r
    csrci   UIP, 1
    csrr    t0, USCRATCH
    ld      t0, HANDLER(t0)
    jalr    t0
    ld      ra, 0(sp)
    .set    place, 8
    .irp    n, CALLER_SAVED
    ld      x\n, place(sp)
    .set    place, place + 8
    .endr
    addi    sp, sp, FRAME
    URET
