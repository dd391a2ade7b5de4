// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The machine as the kernel sees it. All of it comes from the device tree: the kernel has no
/// other source for sizes and addresses. A range that is empty says: there is none.
/// Read next: kernel/boot/boot.cpp.
/// @stage{1}
#pragma once

#include "kernel/boot/device_tree.hpp"
#include "kernel/boot/regions.hpp"

/// Further harts of a machine stay asleep.
constexpr unsigned most_harts = 4;

/// @cond LAB3
/// Receivers of user interrupts beyond these are not used.
constexpr Word most_receivers = 512;

/// @endcond
struct Machine {
    unsigned harts = 0;
    std::array<Word, most_harts> hart_ids = {};      ///< how firmware calls them; [0] boots
    std::array<Word, most_harts> plic_contexts = {}; ///< how the PLIC calls S-mode of each

    Regions memory;    ///< RAM
    Regions reserved;  ///< what belongs to the firmware: memory, and registers of devices
    Range initrd;      ///< the root task's file, which the loader put into memory
    Range device_tree; ///< the tree itself

    Word timebase_frequency = 0; ///< how much the `time` register counts a second
    Range plic;
    Word last_irq = 0; ///< greatest number of an interrupt of the PLIC
    Range clint;       ///< timers and interrupts between harts: the firmware's
    Range uintc;       ///< user interrupts
    /// @cond LAB3
    Word receivers = 0; ///< of user interrupts
    Word wake_irq = 0;  ///< interrupt of the PLIC by which a receiver asks for its thread; 0: none
    /// @endcond
    Range finisher; ///< a device that ends the emulator with an exit code
};

/// Reads the device tree in `bytes`, which lie at `address`. `boot_hart` is the number of the hart
/// that runs this; it becomes hart 0. The error is a sentence.
[[nodiscard]] std::expected<Machine, const char*> read_machine(device_tree::Bytes bytes,
                                                               PAddr address, Word boot_hart);
