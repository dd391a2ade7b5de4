// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What the kernel asks of the firmware in M-mode, by `ecall`: the console, the timer, interrupts
/// to other harts and their start, the end of the machine.
/// A call costs some 250 instructions, and every character is one.
/// Reference: RISC-V Supervisor Binary Interface 1.0. Read next: kernel/riscv/boot.S.
/// @stage{1}
#pragma once

#include "kernel/lib/types.hpp"

namespace sbi {

void put_char(char character);

/// How the machine ends. Under the emulator it becomes the exit code: 0, 1.
enum class Stop { success, failure };

/// Stops all harts.
[[noreturn]] void stop_machine(Stop reason);

/// The machine has a "sifive,test" device, registers at `finisher`: stop_machine uses it. Firmware
/// can only switch off, which tells the emulator nothing of a failure.
void use_finisher(PAddr finisher);

/// A timer interrupt of this hart when `time` (CSR) comes to this value; none before.
void set_timer(Word time);

/// A software interrupt on the hart with this number of the device tree.
void send_ipi(Word sbi_hart_id);

/// Starts a stopped hart at `entry`: S-mode, MMU off, interrupts off. False if the firmware does
/// not. It sees what was written before.
[[nodiscard]] bool start_hart(Word sbi_hart_id, PAddr entry);

} // namespace sbi
