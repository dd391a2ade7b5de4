// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Preemption points of long operations. The kernel runs with interrupts off; an operation without
/// a bound (revoke, delete, clearing memory) asks every few steps whether an interrupt waits
/// @cond LAB2
/// or another hart
/// @endcond
/// and if so returns, with its work in a state from which the call, made again, goes on.
/// Read next: kernel/cap/finalise.hpp, kernel/cap/untyped.cpp.
/// @stage{1}
#pragma once

namespace preempt {

/// Does anything wait for the end of this system call?
[[nodiscard]] bool pending();

/// Only an interrupt of this hart? For operations that others can make longer while they are let
/// in: to them they should give way rarely, or they come to no end.
[[nodiscard]] bool interrupted();

/// Steps between two questions where a step is much shorter than a way into the kernel and out.
constexpr unsigned steps = 64;

} // namespace preempt
