// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The serial console and the end of the machine. S- and M-mode only; one hart at a time.
#pragma once

#include <stdint.h>

namespace console {

struct Hex {
    uint64_t value;
};

void write(const char* text);
void write(uint64_t decimal);
void write(Hex hexadecimal);

template <typename... Parts>
void print(const Parts&... parts) {
    (write(parts), ...);
}

} // namespace console

/// Ends the machine, successfully or with this exit code.
[[noreturn]] void end_machine(uint64_t exit_code);
