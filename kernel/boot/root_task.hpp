// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The first program: its memory, its capabilities, its thread. What it finds at its start:
///
///     image | IPC buffer | boot info | extra records         pages that follow each other
///
///     slots 1-15 as abi::RootSlot says, from 16: page tables | frames of the extra records |
///     frames of the image | untypeds: devices, then memory | empty ones
///
/// All memory that is not the kernel's ends up in the untypeds.
/// Reference: seL4 manual, chapter 9. Read next: kernel/abi/boot_info.hpp.
/// @stage{1}
#pragma once

#include "kernel/boot/machine.hpp"

struct Tcb;

namespace root_task {

/// Makes the root task from the file that `machine.initrd` names; its thread can run then.
/// `kernel` is the kernel's memory. Stops the machine with a message if the file is no good.
[[nodiscard]] Tcb& create(const Machine& machine, Range kernel);

} // namespace root_task
