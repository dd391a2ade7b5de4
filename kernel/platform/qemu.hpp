// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The emulator's machine "virt". Its device tree says 96 interrupts, but the greatest is 95.
/// Read next: kernel/platform/fpga.hpp.
/// @stage{1}
#pragma once

#include "kernel/platform/board_type.hpp"

constexpr Board board = {
    .name = "QEMU virt",
    .last_irq = 95,
    /// @cond NONE
    .has_fpu = true,
    /// @endcond
};
