# SPDX-License-Identifier: BSD-2-Clause
#
# Instructions that fault, each with a breakpoint four bytes behind it: a thread that is let go on
# faults there. Read next: fault_sel4.hpp.
# @stage{none}

    .option norvc

    .macro faulting name, instruction:vararg
    .balign 8
    .global \name
\name:
    \instruction
    ebreak
    .endm

    .text
    faulting fault_ecall, ecall
    faulting fault_breakpoint, ebreak
    faulting fault_zero, .4byte 0
    faulting fault_ones, .4byte 0xffffffff
    faulting fault_supervisor, csrr t0, sstatus
    faulting fault_sret, sret
    faulting fault_load, ld t0, 0(t1)
    faulting fault_store, sd t0, 0(t1)
    faulting fault_jump, jr t1
    faulting fault_atomic, amoadd.d t0, t0, (t1)
    faulting fault_load_reserved, lr.d t0, (t1)
