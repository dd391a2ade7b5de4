// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Interrupts of devices, as signals. The kernel masks an interrupt when it comes and signals a
/// notification; the driver, a user program, serves the device and acknowledges.
///
///     device ──> PLIC ──> kernel: mask, signal ──> driver ──ack──> kernel: unmask
///
/// @cond LAB3
/// A driver that is notified by a vector of its own need not trap for that: when it parks it has
/// served the device.
/// @endcond
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

/// @cond LAB3
/// A thread that was told of interrupts parks: they are acknowledged.
void acknowledge_all(Tcb& tcb);
/// It will not park any more.
void forget_all(Tcb& tcb);
/// @endcond

} // namespace irq
