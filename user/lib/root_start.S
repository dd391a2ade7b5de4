# SPDX-License-Identifier: BSD-2-Clause
#
# The first instructions of a root task: a0 is the address of the boot info, every other register
# is 0, so the stack is our own.
# Read next: root_start.cpp.
# @stage{1}

    .section .text.start, "ax"
    .global _start
_start:
    la      sp, root_stack_end
    li      fp, 0                   # a debugger's backtrace ends here
    ld      tp, 32(a0)              # the message buffer: offset of BootInfo::ipc_buffer
    call    start_root

# The stack of main(). Below it lie other data: it has no page that catches an overflow.
    .section .bss.stack, "aw", @nobits
    .balign 16
    .space  64 * 1024
root_stack_end:
