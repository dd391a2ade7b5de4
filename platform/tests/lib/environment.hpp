// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What differs between the two environments a test runs in; bare.cpp and sbi.cpp implement it.
/// bare: no firmware, our own M-mode. sbi: S-mode under OpenSBI.
/// A program is compiled once and linked with one or the other.
#pragma once

#include "platform/tests/lib/hart.hpp"

/// Each program's own start, on the first hart, in S-mode.
void guest_main();

namespace environment {

extern const bool has_machine_mode;

using MachineFunction = uint64_t (*)(uint64_t argument);
/// Calls a function in M-mode, on the caller's stack. Only where has_machine_mode.
uint64_t call_in_machine_mode(MachineFunction function, uint64_t argument = 0);

/// Lets the hart run hart.job. It has stopped or is about to.
void start_hart(Hart& hart);
[[noreturn]] void stop_hart();

} // namespace environment
