// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What the kernel must know of a board besides its device tree.
/// Read next: kernel/platform/qemu.hpp.
/// @stage{1}
#pragma once

#include "kernel/lib/types.hpp"

struct Board {
    const char* name;
    /// The greatest interrupt number that the PLIC has, where the device tree tells a greater one.
    Word last_irq;
    /// @cond NONE
    /// Do the harts have the extensions F and D, so that threads need their registers saved?
    bool has_fpu;
    /// @endcond
};
