// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The entry of once.hpp.
#include "labs/3-uintr/tests/guest/once.hpp"

asm(R"(
    .text
    .balign 4
    .global lab_entry_once
lab_entry_once:
    csrci   0x004, 1
    .word   0x00200073
)");
