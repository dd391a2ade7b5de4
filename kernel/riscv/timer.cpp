// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The firmware's timer has one deadline a hart; a new one withdraws the pending interrupt.
/// @stage{2}
#include "kernel/riscv/timer.hpp"

#include "kernel/config.hpp"
#include "kernel/riscv/csr.hpp"
#include "kernel/riscv/sbi.hpp"

#include <algorithm>

namespace timer {

namespace {

/// Of one hart. Only that hart uses it.
struct Timer {
    Word tick; ///< time of the next one
    bool ticking;
    /// @cond LAB3
    Word alarm = never;
    /// @endcond
};

constinit Word interval = 0; // immutable after boot
constinit Timer timers[config::harts] = {};

/// Tells the firmware when to interrupt this hart next.
void program(const Timer& timer) {
    Word next = timer.tick;
    /// @cond LAB3
    next = std::min(timer.ticking ? next : never, timer.alarm);
    /// @endcond
    sbi::set_timer(next);
}

/// Lets the next tick be one that lies ahead.
void pass_over(Timer& timer, Word now) {
    if (timer.tick <= now) // as when a debugger stopped the machine
        timer.tick += (now - timer.tick) / interval * interval + interval;
}

} // namespace

void init(Word ticks_per_second) { interval = ticks_per_second * config::tick_milliseconds / 1000; }

void init_hart(HartIndex hart) {
    timers[hart].tick = csr::read<csr::time>() + interval;
    timers[hart].ticking = true;
    program(timers[hart]);
    csr::set<csr::sie>(interrupt::timer);
}

bool take_tick(HartIndex hart) {
    Timer& timer = timers[hart];
    const Word now = csr::read<csr::time>();
    const bool tick = timer.ticking && timer.tick <= now;
    if (tick) {
        timer.tick += interval;
        pass_over(timer, now);
    }
    program(timer);
    return tick;
}

void pause(HartIndex hart) {
    timers[hart].ticking = false;
    /// @cond LAB3
    if (timers[hart].alarm != never)
        return program(timers[hart]);
    /// @endcond
    csr::clear<csr::sie>(interrupt::timer);
}

void resume(HartIndex hart) {
    Timer& timer = timers[hart];
    timer.ticking = true;
    const Word now = csr::read<csr::time>();
    bool wrong = timer.tick <= now || (csr::read<csr::sip>() & interrupt::timer) != 0;
    /// @cond LAB3
    wrong = wrong || timer.alarm != never;
    /// @endcond
    if (wrong) {
        pass_over(timer, now);
        program(timer);
    }
    csr::set<csr::sie>(interrupt::timer);
}

/// @cond LAB3
void set_alarm(HartIndex hart, Word time) {
    Timer& timer = timers[hart];
    if (timer.alarm == time)
        return;
    timer.alarm = time;
    program(timer);
    csr::set<csr::sie>(interrupt::timer);
}
/// @endcond

} // namespace timer
