// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What a thread was doing in user mode: its registers, saved at every trap and
/// loaded at the return.
///
/// Two program counters, because a system call that blocks or is interrupted may have to be made
/// again: `pc` is where the trap happened, `next_pc` where the thread goes on.
/// Read next: tcb.hpp.
/// @stage{1}
#pragma once

#include "kernel/abi/types.hpp"
#include "kernel/lib/types.hpp"

#include <stddef.h>

struct Hart;

struct Context {
    /// Hardware register n at index n; index 0, the zero register, holds the pc of the last trap.
    Word registers[32];
    Word next_pc;
    Hart* hart; ///< that runs the thread, or ran it last: where its traps find a stack

    /// Registers of the system-call interface.
    static constexpr unsigned pc = 0;
    static constexpr unsigned ra = 1;
    static constexpr unsigned sp = 2;
    static constexpr unsigned tp = 4;
    static constexpr unsigned a0 = 10; ///< capability pointer, badge
    static constexpr unsigned a1 = 11; ///< message info
    static constexpr unsigned a2 = 12; ///< message words 0 to 3: a2 to a5
    static constexpr unsigned a7 = 17; ///< number of the system call

    Word& operator[](unsigned index) { return registers[index]; }
    Word operator[](unsigned index) const { return registers[index]; }

    [[nodiscard]] Word& message(Word index) { return registers[a2 + index]; }
    [[nodiscard]] Word message(Word index) const { return registers[a2 + index]; }
};
// Assembler knows these places.
static_assert(offsetof(Context, next_pc) == 32 * sizeof(Word));
static_assert(offsetof(Context, hart) == 33 * sizeof(Word));

/// @cond LAB3
/// Registers of user interrupts: of a thread that has a receiver.
struct UserInterruptContext {
    Word utvec, uscratch, uepc, ucause, utval, uie, ustatus;
};

/// @endcond
/// @cond NONE
/// Registers of the floating-point unit, and its control and status register.
struct FpuContext {
    Word registers[32];
    Word fcsr;
};
/// @endcond
