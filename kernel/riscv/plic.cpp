// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The controller's registers, all of 32 bits:
///
///     base + 4 * irq                             priority; 0: never
///     base + 0x002000 + 0x80 * context           one enable bit for each irq
///     base + 0x200000 + 0x1000 * context         threshold: only higher priorities come
///     base + 0x200004 + 0x1000 * context         claim (read), complete (write)
/// @stage{2}
#include "kernel/riscv/plic.hpp"

#include "kernel/config.hpp"
#include "kernel/lib/assert.hpp"
#include "kernel/lib/window.hpp"

namespace {

constexpr Word enable_offset = 0x2000;
constexpr Word enable_stride = 0x80;
constexpr Word context_offset = 0x20'0000;
constexpr Word context_stride = 0x1000;

// Immutable after boot, but for `routes`.
constinit PAddr base;
constinit Word last = 0;
constinit Word contexts[config::harts] = {};
constinit HartIndex harts = 0;
constinit uint8_t routes[plic::most_sources + 1] = {};

volatile uint32_t& at(Word offset) { return *window<volatile uint32_t>(base + offset); }

volatile uint32_t& enable_word(HartIndex hart, Word irq) {
    return at(enable_offset + enable_stride * contexts[hart] + irq / 32 * 4);
}

volatile uint32_t& threshold(HartIndex hart) {
    return at(context_offset + context_stride * contexts[hart]);
}

volatile uint32_t& claim_register(HartIndex hart) {
    return at(context_offset + context_stride * contexts[hart] + 4);
}

uint32_t bit(Word irq) { return 1U << irq % 32; }

} // namespace

namespace plic {

void init(const Wiring& wiring) {
    base = wiring.base;
    last = wiring.last_irq;
    harts = static_cast<HartIndex>(wiring.contexts.size());
    for (HartIndex hart = 0; hart < harts; hart++) {
        contexts[hart] = wiring.contexts[hart];
        for (Word irq = 0; irq <= last; irq += 32)
            enable_word(hart, irq) = 0;
        threshold(hart) = 0;
    }
    for (Word irq = 1; irq <= last; irq++) {
        mask(irq);
        route(irq, 0);
    }
}

Word last_irq() { return last; }

Word claim(HartIndex hart) { return claim_register(hart); }

void complete(HartIndex hart, Word irq) { claim_register(hart) = static_cast<uint32_t>(irq); }

void mask(Word irq) { at(4 * irq) = 0; }

void unmask(Word irq) { at(4 * irq) = 1; }

/// @cond LAB3
void enable_everywhere(Word irq) {
    for (HartIndex hart = 0; hart < harts; hart++)
        enable_word(hart, irq) = enable_word(hart, irq) | bit(irq);
    unmask(irq);
}

/// @endcond
void route(Word irq, HartIndex hart) {
    require(hart < harts, "an interrupt is routed to a hart that does not run");
    volatile uint32_t& from = enable_word(routes[irq], irq);
    from = from & ~bit(irq);
    routes[irq] = static_cast<uint8_t>(hart);
    volatile uint32_t& to = enable_word(hart, irq);
    to = to | bit(irq);
}

} // namespace plic
