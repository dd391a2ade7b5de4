// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Ends the machine with the exit code given as code=N, 0 by default. For the tests of the
/// host's tools.

#include "platform/tests/lib/board.hpp"
#include "platform/tests/lib/console.hpp"
#include "platform/tests/lib/environment.hpp"

void guest_main() {
    const uint64_t code = board.argument("code", 0);
    console::print("info exit code ", code, "\nend 0\n");
    end_machine(code);
}
