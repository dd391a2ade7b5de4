# SPDX-License-Identifier: BSD-2-Clause
#
# The environment under firmware: the first hart enters here in S-mode with its id in a0 and the
# device tree in a1; the others are started by the firmware at sbi_start_hart with their
# struct Hart in a1.
# Read next: start.S and sbi.cpp.

#include "platform/tests/lib/layout.h"

    .section .text.start, "ax"
    .global _start
_start:
    la      tp, harts
    slli    t0, a0, 11
    add     tp, tp, t0
    j       supervisor_start

    .global sbi_start_hart
sbi_start_hart:
    mv      tp, a1
    j       supervisor_start_again
