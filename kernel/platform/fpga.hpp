// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A Rocket core on an FPGA, and the emulator's machine with its memory map (fpga=on).
/// Read next: kernel/boot/machine.hpp.
/// @stage{1}
#pragma once

#include "kernel/platform/board_type.hpp"

constexpr Board board = {
    .name = "FPGA",
    .last_irq = 95,
    /// @cond NONE
    .has_fpu = false,
    /// @endcond
};
