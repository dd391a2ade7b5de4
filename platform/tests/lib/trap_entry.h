/* SPDX-License-Identifier: BSD-2-Clause
 *
 * Assembler macros that save and restore registers, for trap.S and bare.S.
 * In S- and M-mode the scratch register always points to the hart's struct Hart, whatever was
 * interrupted; t0 (x5) is the register that makes room for it.
 */
#include "platform/tests/lib/layout.h"

#define USCRATCH 0x040
#define UEPC 0x041

/* All but x0, sp (x2) and t0 (x5). */
.macro each_other_register operation, base
    \operation x1, 8 * 1(\base)
    \operation x3, 8 * 3(\base)
    \operation x4, 8 * 4(\base)
    .irp number, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, \
        26, 27, 28, 29, 30, 31
    \operation x\number, 8 * \number(\base)
    .endr
.endm

/* All but x0 and sp. */
.macro each_register operation, base
    each_other_register \operation, \base
    \operation x5, 8 * 5(\base)
.endm

/* What a C++ function expects to find unchanged; t0 points to Hart::context. */
.macro each_kernel_register operation
    \operation ra, 8 * 0(t0)
    \operation sp, 8 * 1(t0)
    .set place, 2
    .irp register, s0, s1, s2, s3, s4, s5, s6, s7, s8, s9, s10, s11
    \operation \register, 8 * place(t0)
    .set place, place + 1
    .endr
.endm

/* On to C++ with a0 = tp = the hart. */
.macro save_frame scratch, epc, frame, stack
    csrrw   t0, \scratch, t0
    .if \frame
    addi    t0, t0, \frame
    .endif
    each_other_register sd, t0
    sd      sp, 8 * 2(t0)
    .if \frame
    addi    t0, t0, -\frame
    .endif
    csrr    t1, \scratch
    sd      t1, \frame + 8 * 5(t0)
    csrr    t1, \epc
    sd      t1, \frame(t0)
    csrw    \scratch, t0
    ld      sp, \stack(t0)
    mv      tp, t0
    mv      a0, t0
.endm

.macro restore_frame scratch, epc, frame
    csrr    t0, \scratch
    .if \frame
    addi    t0, t0, \frame
    .endif
    ld      t1, 0(t0)
    csrw    \epc, t1
    each_other_register ld, t0
    ld      sp, 8 * 2(t0)
    ld      t0, 8 * 5(t0)
.endm
