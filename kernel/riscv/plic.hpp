// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The platform-level interrupt controller: takes interrupts of devices to harts.
///
///     device ──> pending[irq] ──> enabled for this hart? ──> external interrupt ──> claim()
///
/// An interrupt has its way: claim() on the hart; complete(); mask(); the program that serves the
/// device acknowledges, which is unmask(). A level that is still there comes again then.
/// Masked is what has priority 0: so an interrupt stays enabled for its hart, and a controller
/// looks at all that is pending when the priority changes (QEMU's does not when an enable bit
/// does). Guard: the kernel lock. Reference: RISC-V PLIC specification 1.0. Read next:
/// kernel/riscv/timer.hpp.
/// @stage{2}
#pragma once

#include "kernel/lib/types.hpp"

#include <span>

namespace plic {

/// The most sources that a controller can have; source 0 does not exist.
constexpr Word most_sources = 1023;

/// What the device tree says. `contexts[i]` is the number by which the controller knows S-mode of
/// hart i.
struct Wiring {
    PAddr base;
    Word last_irq;
    std::span<const Word> contexts;
};

/// Masks everything, on every hart; everything is routed to hart 0.
void init(const Wiring& wiring);

/// The greatest number of an interrupt; 0: there is no controller.
[[nodiscard]] Word last_irq();

/// The most important pending interrupt of this hart, 0 if there is none (any more). It does not
/// come again before it is completed.
[[nodiscard]] Word claim(HartIndex hart);
void complete(HartIndex hart, Word irq);

/// No such interrupt from now on; one that comes is kept. @pre 1 <= irq <= last_irq()
void mask(Word irq);
void unmask(Word irq);

/// @cond LAB3
/// This interrupt comes to whichever hart claims it first, and is never masked.
void enable_everywhere(Word irq);

/// @endcond
/// Chooses the hart that gets an interrupt. @pre it is masked.
void route(Word irq, HartIndex hart);

} // namespace plic
