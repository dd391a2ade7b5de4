# SPDX-License-Identifier: BSD-2-Clause
#
# The program that the judge starts, as part of the judge. The build says which file it is. Each lab
# includes this, for its program is another one.
# Read next: process.hpp.

    .section .rodata
    .balign 16
    .global party_start
party_start:
    .incbin PARTY
    .global party_end
party_end:
