// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A hart as the tests see it: its trap frames, its stacks, and the record of the traps it took.
/// harts[i] is the hart with id i. In S-mode tp points to the own one, in U-mode uscratch does.
/// One trap frame for each privilege suffices, because the handlers themselves never trap.
/// Read next: trap.hpp and user.hpp.
#pragma once

#include "platform/tests/lib/layout.h"

#include <stddef.h>
#include <stdint.h>

/// Registers at a trap. x[0], which no hart has, is the pc to go on at.
struct Frame {
    uint64_t x[32];

    uint64_t& pc() { return x[0]; }
    uint64_t return_address() const { return x[1]; }
    uint64_t& argument(unsigned number) { return x[10 + number]; }
};
static_assert(sizeof(Frame) == FRAME_SIZE);

struct Trap {
    uint64_t cause;
    uint64_t pc;
    uint64_t value; ///< *tval
    uint64_t order; ///< 1 for the first trap in any privilege since the record was cleared
};

/// Traps taken in one privilege: all are counted, the first few kept.
struct TrapLog {
    static constexpr unsigned capacity = 4;
    uint64_t count;
    Trap first[capacity];
};

struct Traps {
    uint64_t order;
    TrapLog user;
    TrapLog supervisor;
    TrapLog machine; ///< empty under firmware, whose M-mode keeps no such record
};

struct Hart;
/// What a U handler does after the trap has been noted; runs in U-mode.
using UserHandler = void (*)(Frame&, Hart&);
/// What a started hart does; runs in S-mode.
using Job = void (*)(uint64_t argument);

struct Hart {
    Frame supervisor_frame;
    Frame machine_frame;
    uint64_t context[14]; ///< kernel registers while the hart is in U-mode
    uint64_t stack;
    uint64_t supervisor_trap_stack;
    uint64_t machine_trap_stack;
    uint64_t user_vector; ///< entry of user_vectors that was used last
    uint64_t user_stack;
    uint64_t id;
    UserHandler user_handler;
    uint64_t received; ///< pending bits that the default U handler took
    Traps traps;
    Job job;
    uint64_t job_argument;
    uint64_t busy;
};
static_assert(offsetof(Hart, machine_frame) == HART_MACHINE_FRAME);
static_assert(offsetof(Hart, context) == HART_CONTEXT);
static_assert(offsetof(Hart, stack) == HART_STACK);
static_assert(offsetof(Hart, supervisor_trap_stack) == HART_SUPERVISOR_TRAP_STACK);
static_assert(offsetof(Hart, machine_trap_stack) == HART_MACHINE_TRAP_STACK);
static_assert(offsetof(Hart, user_vector) == HART_USER_VECTOR);

union HartSlot {
    Hart hart;
    uint8_t bytes[HART_SIZE];
};
static_assert(sizeof(HartSlot) == HART_SIZE);

extern "C" HartSlot harts[MAX_HARTS];

/// In S- and M-mode only.
inline Hart& this_hart() {
    Hart* hart;
    asm volatile("mv %0, tp" : "=r"(hart));
    return *hart;
}

/// Starts `job` in S-mode on another hart, which must be idle.
void start_hart(uint64_t id, Job job, uint64_t argument = 0);
/// Waits until the hart's job has ended; false if it does not (clock.hpp).
[[nodiscard]] bool wait_for_hart(uint64_t id);
