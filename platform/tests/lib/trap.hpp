// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What becomes of a trap. Whoever takes it notes it in the hart's record (hart.hpp); then
///
/// * an exception is stepped over: the instruction is left out, a jump to nowhere returns;
/// * an interrupt in S- or M-mode is disabled at its source bit, so that it comes once;
/// * a software interrupt in U-mode is served: pending bits are added to Hart::received;
///   other user interrupts are disabled in uie;
/// * what ends a U function (user_exit in trap.S) returns to run_user.
///
/// Read next: trap.cpp, user.hpp.
#pragma once

#include "platform/tests/lib/hart.hpp"

extern "C" {
void supervisor_trap_entry();
void user_trap_entry();
void user_vectors();
void user_exit();
void user_exit_end();
}

/// Adds a trap to a record; its order is filled in here. Usable in every privilege.
void note_trap(Hart& hart, TrapLog& log, Trap trap);

/// Moves the frame's pc behind an exception. S- and M-mode.
void step_over(Frame& frame, uint64_t cause);

/// What U-mode does by default, for handlers that add to it.
void serve_user_trap(Frame& frame, Hart& hart);
