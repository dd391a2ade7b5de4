// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Prints nothing and never ends, as a kernel does whose boot went wrong early. For the tests of
/// the watchdog.

#include "platform/tests/lib/environment.hpp"

void guest_main() {
    for (;;)
        asm volatile("");
}
