// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Interrupts of devices, as signals. The kernel masks an interrupt when it comes and signals a
/// notification; the driver, a user program, serves the device and acknowledges.
///
///     device ──> PLIC ──> kernel: mask, signal ──> driver ──ack──> kernel: unmask
///
/// Guard: the kernel lock. Reference: seL4 manual, chapter 9. Read next: irq.cpp.
/// @stage{2}
#pragma once

#include "kernel/cap/slot.hpp"
#include "kernel/syscall/invocation.hpp"

namespace irq {

/// The greatest number that has a handler; the least is 1.
constexpr Word last = 95;

[[nodiscard]] Result<Outcome> invoke_control(Invocation& call, Slot& slot);
[[nodiscard]] Result<Outcome> invoke_handler(Invocation& call, const IrqHandlerCap& cap);

/// The last capability to an interrupt's handler went: it is masked, and can be issued anew.
void release(Word irq);

/// An interrupt of a device came: signals its notification.
void handle(Word irq);

} // namespace irq
