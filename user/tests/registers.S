# SPDX-License-Identifier: BSD-2-Clause
#
# void system_call_with(RegisterFile& file): sp points to the file while all other registers belong
# to the test. Nothing of the caller's stack is used in between.
# Read next: registers.hpp.
# @stage{1}

#define OWN (32 * 8)

    .macro each_register operation
    .irp n, 1,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
    \operation  x\n, (\n * 8)(sp)
    .endr
    .endm

    .macro own_registers operation
    \operation  ra, (OWN + 1 * 8)(sp)
    \operation  gp, (OWN + 2 * 8)(sp)
    \operation  tp, (OWN + 3 * 8)(sp)
    \operation  s0, (OWN + 4 * 8)(sp)
    \operation  s1, (OWN + 5 * 8)(sp)
    \operation  s2, (OWN + 6 * 8)(sp)
    \operation  s3, (OWN + 7 * 8)(sp)
    \operation  s4, (OWN + 8 * 8)(sp)
    \operation  s5, (OWN + 9 * 8)(sp)
    \operation  s6, (OWN + 10 * 8)(sp)
    \operation  s7, (OWN + 11 * 8)(sp)
    \operation  s8, (OWN + 12 * 8)(sp)
    \operation  s9, (OWN + 13 * 8)(sp)
    \operation  s10, (OWN + 14 * 8)(sp)
    \operation  s11, (OWN + 15 * 8)(sp)
    .endm

    .text
    .global system_call_with
system_call_with:
    mv      t0, sp
    mv      sp, a0
    sd      t0, OWN(sp)             # the caller's stack
    own_registers sd
    each_register ld
    ecall
    each_register sd
    own_registers ld
    ld      sp, OWN(sp)
    ret
