// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Every hart spins for ever with interrupts off, after the line `info spinning`. For the tests
/// of the emulator's instruction limit.

#include "platform/tests/lib/board.hpp"
#include "platform/tests/lib/console.hpp"
#include "platform/tests/lib/environment.hpp"

namespace {

void spin_for_ever(uint64_t) {
    for (;;)
        asm volatile("");
}

} // namespace

void guest_main() {
    for (uint64_t i = 1; i < board.hart_count; i++)
        start_hart(board.hart_after_this(i), spin_for_ever);
    console::write("info spinning\n");
    spin_for_ever(0);
}
