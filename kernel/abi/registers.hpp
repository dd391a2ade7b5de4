// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Registers of a thread as Tcb_ReadRegisters and Tcb_WriteRegisters pass them.
/// The first 16 and the last 16 are what Tcb_CopyRegisters copies separately.
/// Read next: kernel/object/tcb.hpp.
/// @stage{1}
#pragma once

#include "kernel/abi/types.hpp"

namespace abi {

struct UserContext {
    Word pc, ra, sp, gp, s0, s1, s2, s3, s4, s5, s6, s7, s8, s9, s10, s11;
    Word a0, a1, a2, a3, a4, a5, a6, a7, t0, t1, t2, t3, t4, t5, t6, tp;
};
constexpr unsigned user_context_words = 32;
static_assert(sizeof(UserContext) == user_context_words * sizeof(Word));

/// Number of the hardware register in each word of a UserContext; 0 stands for the pc.
constexpr uint8_t user_context_registers[user_context_words] = {
    0,  1,  2,  3,  8,  9,  18, 19, 20, 21, 22, 23, 24, 25, 26, 27,
    10, 11, 12, 13, 14, 15, 16, 17, 5,  6,  7,  28, 29, 30, 31, 4,
};

} // namespace abi
