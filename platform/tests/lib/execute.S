# SPDX-License-Identifier: BSD-2-Clause
#
# uint64_t execute_word(const uint64_t values[16], code): calls two instructions at `code`, the
# second of which is a return, with chosen values in the caller-saved registers, and answers what
# they leave in them, mixed. The instruction may write any of those registers but no other.
# Always holds: the code may also be left early by a return to ra, as handlers do after a jump to
# nowhere (trap.hpp); works at the kernel's and the user's addresses.

    .macro each_value operation
    .set    place, 0
    .irp    register, t0, t1, t2, a0, a2, a3, a4, a5, a6, a7, t3, t4, t5, t6
    \operation \register, place
    .set    place, place + 1
    .endr
    .endm

    .macro load_value register, place
    ld      \register, 8 * \place(s1)
    .endm

    .macro mix_value register, place
    slli    s1, s0, 7
    srli    s0, s0, 57
    or      s0, s0, s1
    xor     s0, s0, \register
    .endm

    .section .text.execute_word, "ax"
    .global execute_word
execute_word:
    addi    sp, sp, -32
    sd      ra, 0(sp)
    sd      s0, 8(sp)
    sd      s1, 16(sp)
    mv      s1, a0
    each_value load_value
    jalr    a1
    li      s0, 0
    each_value mix_value
    mv      a0, s0
    ld      ra, 0(sp)
    ld      s0, 8(sp)
    ld      s1, 16(sp)
    addi    sp, sp, 32
    ret
