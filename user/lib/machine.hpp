// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The machine as a whole: its clock and its end.
/// Read next: console.hpp.
/// @stage{1}
#pragma once

#include "kernel/abi/types.hpp"

namespace machine {

/// Ends the machine, with this exit code (0 to 255) of the emulator. Through the test finisher, a
/// device; in a debug build without one, through the kernel; else it waits for ever.
[[noreturn]] void exit(unsigned code);

/// The registers of SiFive's test finisher at a virtual address.
void use_finisher(abi::Word address);

/// The clock that every program can read. How fast it goes the device tree says
/// (user::ticks_per_second).
inline abi::Word time() {
    abi::Word ticks;
    asm volatile("rdtime %0" : "=r"(ticks));
    return ticks;
}

} // namespace machine
