// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// See user_code.hpp.
#include "labs/2-notification/tests/kernel/user_code.hpp"

asm(R"(
    .text
    .balign 8
    .option push
    .option norvc
    .macro  all_but_sp operation
    .irp    n, 1,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
    \operation x\n, (8 * \n)(sp)
    .endr
    .endm
    .macro  label name
    .global \name
\name:
    .endm

    label   user_code_start
    label   user_load
    all_but_sp ld
    ld      sp, 16(sp)
    label   user_call
    ecall
    j       .

    label   user_load_and_break
    all_but_sp ld
    ld      sp, 16(sp)
    label   user_break
    ebreak
    j       .

    label   user_load_and_fault
    all_but_sp ld
    ld      sp, 16(sp)
    label   user_fault
    ld      t0, (a0)
    j       .

    label   user_store
    all_but_sp sd
    sd      sp, 16(sp)
    ecall
    j       .

    label   user_call_twice
    ecall
    ecall
    j       .

    label   user_count
    addi    s1, s1, 1
    addi    s1, s1, -3
    addi    s1, s1, 3
    j       user_count
    label   user_count_end
    label   user_code_end
    .option pop
)");
