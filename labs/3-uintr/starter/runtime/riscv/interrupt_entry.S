# SPDX-License-Identifier: BSD-2-Clause
#
# Where user interrupts arrive. Hardware has put the pc into uepc and UIE into UPIE; every register
# is the interrupted code's, and uscratch points to struct Interrupted.
# Clearing uip does nothing on hardware that raises a level, as ours; on older models, which raise
# an edge, it is what ends the interrupt.
# rt_entry_that_notes adds the vectors to Interrupted::vectors; rt_entry_that_calls calls
# Interrupted::handler with them, on the stack of the interrupted code, which is aligned to 16
# bytes. Then the interrupted code goes on, every register, uscratch and UIE as they were.
# @lab{3.7} note the vectors; every register as it was
# Read next: runtime/riscv/user_interrupt.hpp.
# @stage{3}

#define USCRATCH 0x040
#define UIP 0x044
#define VECTORS 0
#define SAVED 8
#define HANDLER 24
#define URET .word 0x00200073

    .text
    .balign 4
    .global rt_entry_that_notes
rt_entry_that_notes:
    # Take the vectors (uipi.read), or them into Interrupted::vectors, and go back (uret).
    # Until that is done there is nothing better than to stop.
1:  j       1b

    .balign 4
    .global rt_entry_that_calls
rt_entry_that_calls:
    # Save what a function may change, take the vectors, call Interrupted::handler with them.
1:  j       1b
