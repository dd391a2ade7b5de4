// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Runs a function in a chosen privilege and answers what it returned and which traps were taken
/// meanwhile, in which privilege.
/// A U function sees the registers and memory of the user's view only (paging.hpp); it may use
/// variables of the program, by name. It starts with uscratch = its Hart and utvec = the handler
/// of trap.S, unless told otherwise.
#pragma once

#include "platform/tests/lib/hart.hpp"

using Function = uint64_t (*)(uint64_t argument);

struct Run {
    uint64_t value;
    Traps traps;
    uint64_t received; ///< pending bits that the default U handler took
};

struct UserOptions {
    UserHandler handler = nullptr;      ///< instead of serve_user_trap
    uint64_t vector = 0;                ///< utvec, 0: the handler of trap.S
    bool supervisor_interrupts = false; ///< sstatus.SIE as S-mode left it
    bool by_mret = false;               ///< enter from M-mode; bare only
    uint64_t machine_interrupts = 0;    ///< with by_mret: mie bits set on the way
};

Run run_user(Function function, uint64_t argument = 0, const UserOptions& options = {});
Run run_supervisor(Function function, uint64_t argument = 0);
/// Bare only.
Run run_machine(Function function, uint64_t argument = 0);

/// In U functions and handlers: the own hart, if uscratch was left alone.
Hart& user_hart();

/// In U functions: spins until so many traps have been taken in U-mode (clock.hpp).
void await_user_traps(uint64_t count);
/// In U functions: goes on for some hundred instructions, in which a trap could be taken.
void linger();
