// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What the tests in the kernel begin with: memory that is part of the kernel's image, threads in
/// it, and numbers drawn by chance.
///
/// Always holds: memory is zeroed when it is given out, and given out once in each test.
/// Read next: user_mode.hpp, labs/lib/kernel_test.hpp.
#pragma once

#include "kernel/object/tcb.hpp"
#include "kernel/sched/scheduler.hpp"
#include "labs/lib/kernel_test.hpp"

namespace setting {

using kernel_test::expect;
using kernel_test::expect_equal;

/// All memory is free again, hart 0 runs its idle thread, and nothing is ready. The first line of
/// each test.
void reset();

/// Memory of 2^bits bytes, aligned to that. The machine stops if there is no more.
PAddr take(unsigned bits);

/// A thread that is not ready.
Tcb& thread(Prio priority);

/// Numbers that look drawn by chance, the same for the same seed.
class Draw {
public:
    Word word() {
        state_ = state_ * 6364136223846793005 + 1442695040888963407;
        return state_ ^ state_ >> 29;
    }
    /// Less than `end`.
    Word below(Word end) { return (word() >> 16) % end; }

private:
    Word state_ = kernel_test::seed() * 2 + 1;
};

} // namespace setting
