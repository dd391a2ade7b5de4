// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A system call with every register chosen, and every register seen afterwards.
/// Read next: registers.S.
/// @stage{1}
#pragma once

#include <stdint.h>

/// Numbers of registers.
constexpr unsigned sp = 2;
constexpr unsigned a0 = 10;
constexpr unsigned a1 = 11;
constexpr unsigned a2 = 12;
constexpr unsigned a5 = 15;
constexpr unsigned a6 = 16;
constexpr unsigned a7 = 17;
constexpr unsigned register_count = 32;

/// Registers x0 to x31. x0 and sp are not set: sp points to this struct during the call, so a
/// kernel that loses it makes the test fault.
struct RegisterFile {
    uint64_t x[register_count];
    uint64_t own[16]; ///< the caller's registers meanwhile
};

/// Loads the registers, makes the system call, and stores them again.
extern "C" void system_call_with(RegisterFile& file);
