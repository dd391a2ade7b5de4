# SPDX-License-Identifier: BSD-2-Clause
#
# The first instructions of a program that another program started: a0 is the address of the start
# block, sp the end of a stack.
# Read next: program_start.cpp.
# @stage{2}

    .section .text.start, "ax"
    .global _start
_start:
    li      fp, 0                   # a debugger's backtrace ends here
    ld      tp, 0(a0)               # the message buffer: StartBlock::ipc_buffer
    call    start_program
