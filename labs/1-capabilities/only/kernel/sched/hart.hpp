// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What the kernel keeps for the hart. There is one, and one thread.
/// Read next: kernel/riscv/entry.S.
#pragma once

#include "kernel/config.hpp"
#include "kernel/object/tcb.hpp"
#include "kernel/vm/asid.hpp"

#include <stddef.h>

struct Hart {
    // riscv/entry.S knows the places of the first two.
    Tcb* current;
    Word stack_top; ///< of the kernel's stack

    HartIndex index;
    Word sbi_id;     ///< the firmware's number of the hart
    Tcb idle;        ///< not used yet
    vm::Space space; ///< address space in satp
};
static_assert(offsetof(Hart, stack_top) == 8);

extern constinit Hart harts[config::harts];

/// Harts that run.
extern constinit unsigned hart_count;

[[nodiscard]] inline Hart& this_hart() { return harts[0]; }
[[nodiscard]] inline Tcb& current_thread() { return *this_hart().current; }
