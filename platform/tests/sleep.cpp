// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Every hart sleeps for ever: no interrupt is enabled and no timer set. Prints `info sleeping`
/// first. For the tests of the emulator's instruction limit.

#include "platform/tests/lib/board.hpp"
#include "platform/tests/lib/console.hpp"
#include "platform/tests/lib/environment.hpp"

namespace {

void sleep_for_ever(uint64_t) {
    for (;;)
        asm volatile("wfi");
}

} // namespace

void guest_main() {
    for (uint64_t i = 1; i < board.hart_count; i++)
        start_hart(board.hart_after_this(i), sleep_for_ever);
    console::write("info sleeping\n");
    sleep_for_ever(0);
}
