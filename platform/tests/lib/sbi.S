# SPDX-License-Identifier: BSD-2-Clause
#
# The environment under firmware: the first hart enters here in S-mode with its id in a0 and the
# device tree in a1; so do the others when they are started, for OpenSBI 1.1 may let a hart go
# before it has written down where to, and that is here. Each finds its struct Hart by its id.
# Read next: start.S and sbi.cpp.

#include "platform/tests/lib/layout.h"

# The entry has two names: _start is that of guest.ld, which bare.S shares; sbi.cpp, which starts
# the other harts here, needs one that C++ does not reserve.
    .section .text.start, "ax"
    .global _start, sbi_entry
_start:
sbi_entry:
    la      tp, harts
    slli    t0, a0, 11
    add     tp, tp, t0
    la      t0, first_has_come
    li      t1, 1
    amoswap.w t0, t1, (t0)
    fence                           # partner: start_hart in sbi.cpp
    beqz    t0, 1f
    j       supervisor_start_again
1:  j       supervisor_start

    .data
first_has_come:
    .word   0
