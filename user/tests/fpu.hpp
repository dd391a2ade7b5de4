// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The floating-point unit as the tests see it. The suite is compiled without it: between two of
/// these functions a thread's registers change only if the kernel changes them.
/// Read next: fpu.S.
/// @stage{none}
#pragma once

#include "user/tests/fault_sel4.hpp"

struct FpuRegisters {
    Word f[32];
    Word fcsr;

    bool operator==(const FpuRegisters&) const = default;
};

extern "C" {
void fpu_set(const FpuRegisters& registers);
void fpu_see(FpuRegisters& registers);
void fpu_set_status(Word fcsr);
uint32_t fpu_divide(uint32_t dividend, uint32_t divisor);
extern const char fpu_write_one[]; ///< register fs0 from t0, then a breakpoint
extern const char fpu_read_one[];  ///< the other way round
}

/// Values that no other seed has.
inline FpuRegisters fpu_pattern(Word seed) {
    FpuRegisters result;
    for (Word i = 0; i < 32; i++)
        result.f[i] = seed << 32 | i << 16 | 0x0f0f;
    constexpr Word rounding_modes = 5;
    result.fcsr = seed % rounding_modes << 5 | (seed * 7 % 32);
    return result;
}

/// The current thread's registers are those.
inline bool fpu_holds(const FpuRegisters& expected) {
    FpuRegisters seen;
    fpu_see(seen);
    return seen == expected;
}
