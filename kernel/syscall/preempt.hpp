// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Preemption points of long operations. The kernel runs with interrupts off; an operation without
/// a bound (revoke, delete, clearing memory) asks at every step whether an interrupt waits. If so
/// it returns, with its work in a state from which the same system call, made again, goes on.
/// Read next: kernel/cap/finalise.hpp, kernel/cap/untyped.cpp.
/// @stage{1}
#pragma once

namespace preempt {

/// Does anything wait for the end of this system call?
[[nodiscard]] bool pending();

/// Steps between two questions where a step is much shorter than a way into the kernel and out.
constexpr unsigned steps = 64;

} // namespace preempt
