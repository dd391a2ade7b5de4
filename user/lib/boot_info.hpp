// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What the root task was told at its start: boot info, and the machine's device tree behind it.
/// @cond LAB2
/// Only the root task has it; other programs get a start block (start_block.hpp).
/// @endcond
/// Read next: kernel/abi/boot_info.hpp.
/// @stage{1}
#pragma once

#include "kernel/abi/boot_info.hpp"
/// @cond LAB7
#include "user/lib/siphash.hpp"
/// @endcond

#include <span>
#include <string_view>

namespace user {

using abi::CPtr;
using abi::Word;

const abi::BootInfo& boot_info();

/// An extra record without its header; empty if there is none of this kind.
std::span<const uint8_t> boot_record(Word id);

/// Registers of a device, as physical addresses.
struct DeviceRegisters {
    Word paddr = 0;
    Word size = 0;

    [[nodiscard]] bool exists() const { return size != 0; }
};

/// The first device that the device tree calls compatible with this.
DeviceRegisters find_device(const char* compatible);

/// Ticks of the clock (machine::time) in a second.
Word ticks_per_second();

/// The command line of the machine (tools/emulator/run.py --append), "" if there is none.
const char* boot_arguments();
/// The number behind `name` on it, as in `seed=7`.
Word boot_number(std::string_view name, Word otherwise);

/// Ticks of the clock that so many million instructions take at the most. Where time is counted by
/// instructions, one takes a nanosecond; else `pace=N` on the command line says how many the
/// machine does in a microsecond.
Word ticks_for(Word million_instructions);

/// @cond LAB7
/// What the machine drew by chance for this boot. A machine that draws nothing gives its clock,
/// which can be guessed.
SipKey boot_seed();
/// @endcond

/// A root task begins with 8192 slots. This gives it all that there are; false if there is no
/// memory to remember them.
bool take_all_slots();

/// Called once, by the start code, before anything else.
void remember_boot_info(const abi::BootInfo& info);

} // namespace user
