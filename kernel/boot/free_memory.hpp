// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Who gets which part of the physical addresses: the kernel its image, the firmware what it
/// reserved, the root task what it is made of; all that remains becomes untypeds.
/// Read next: kernel/boot/root_task.cpp.
/// @stage{1}
#pragma once

#include "kernel/boot/machine.hpp"

class FreeMemory {
public:
    /// `kernel` is the kernel's own.
    FreeMemory(const Machine& machine, Range kernel);

    /// Cleared memory at a multiple of 2^alignment_bits. It is never given back.
    [[nodiscard]] PAddr take(Word size, unsigned alignment_bits);

    /// What has not been taken, memory of the loader included: the file of the root task and the
    /// device tree, which nobody needs any more when this becomes untypeds.
    [[nodiscard]] const Regions& rest() const { return rest_; }

private:
    Regions rest_;
    Regions usable_; ///< now: without what the loader left
};

/// Everything that is not memory, except devices that the kernel or the firmware uses.
[[nodiscard]] Regions user_devices(const Machine& machine);
