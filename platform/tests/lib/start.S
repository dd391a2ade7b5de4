# SPDX-License-Identifier: BSD-2-Clause
#
# The start in S-mode, the same in both environments: tp points to the hart's struct Hart, a0 is
# its id and, on the first hart, a1 the device tree. The first stack is the end of .bss.
# Read next: start.cpp.

#include "platform/tests/lib/layout.h"

    .section .text.supervisor_start, "ax"
    .global supervisor_start
supervisor_start:
    la      t0, bss_start
    la      t1, bss_end
1:  sd      zero, 0(t0)
    addi    t0, t0, 8
    bltu    t0, t1, 1b
    la      sp, first_stack_end
    call    prepare_harts
    ld      sp, HART_STACK(tp)
    call    start_first_hart

    .global supervisor_start_again
supervisor_start_again:
    ld      sp, HART_STACK(tp)
    call    start_other_hart
