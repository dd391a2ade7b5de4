# SPDX-License-Identifier: BSD-2-Clause
#
# The start of the program that looks at its own beginning: keeps every register as the kernel left
# it, in `first_registers`, before anything is changed. For that it needs one register: sp, which
# must have been 0; else it stops with an access to address 0, where nothing is.
# Read next: world.cpp.
# @stage{none}

    .section .text.start, "ax"
    .global _start
_start:
    beqz    sp, 1f
    sd      sp, (zero)
1:  la      sp, first_registers
    .irp    n, 1,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
    sd      x\n, 8 * \n(sp)
    .endr
    la      sp, stack_end
    ld      tp, 32(a0)              # the message buffer: offset of BootInfo::ipc_buffer
    call    look

    .section .bss.stack, "aw", @nobits
    .balign 16
    .space  16 * 1024
stack_end:
