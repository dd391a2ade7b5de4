// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The firmware's timer has one deadline a hart; a new one withdraws the pending interrupt.
/// @stage{2}
#include "kernel/riscv/timer.hpp"

#include "kernel/config.hpp"
#include "kernel/riscv/csr.hpp"
#include "kernel/riscv/sbi.hpp"

namespace {

constinit Word interval = 0;                  // immutable after boot
constinit Word deadlines[config::harts] = {}; // each of its own hart

} // namespace

namespace timer {

void init(Word ticks_per_second) { interval = ticks_per_second * config::tick_milliseconds / 1000; }

void init_hart(HartIndex hart) {
    deadlines[hart] = csr::read<csr::time>() + interval;
    sbi::set_timer(deadlines[hart]);
    csr::set<csr::sie>(interrupt::timer);
}

void rearm(HartIndex hart) {
    const Word now = csr::read<csr::time>();
    Word& deadline = deadlines[hart];
    deadline += interval;
    if (deadline <= now) // more than one was missed, as when a debugger stopped the machine
        deadline += (now - deadline) / interval * interval + interval;
    sbi::set_timer(deadline);
}

void pause() { csr::clear<csr::sie>(interrupt::timer); }

void resume(HartIndex hart) {
    if ((csr::read<csr::sip>() & interrupt::timer) != 0)
        rearm(hart);
    csr::set<csr::sie>(interrupt::timer);
}

} // namespace timer
