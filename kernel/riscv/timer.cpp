// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The firmware's timer has one deadline a hart; a new one withdraws the pending interrupt. Telling
/// the firmware costs a trap into it: one that goes off too early is left as it is, and asked for
/// anew only when it has gone off.
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
    Word told; ///< what the firmware was told last
    /// @cond LAB3
    Word alarm = never;
    /// @endcond
};

constinit Word interval = 0; // immutable after boot
constinit Timer timers[config::harts] = {};

/// When to interrupt this hart next.
Word next(const Timer& timer) {
    Word time = timer.tick;
    /// @cond LAB3
    time = std::min(timer.ticking ? time : never, timer.alarm);
    /// @endcond
    return time;
}

/// Tells the firmware.
void program(Timer& timer) {
    timer.told = next(timer);
    sbi::set_timer(timer.told);
}

/// The same if what it was told is too late. @pre it has not gone off
void hasten(Timer& timer) {
    if (next(timer) < timer.told)
        program(timer);
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
        return hasten(timers[hart]);
    /// @endcond
    csr::clear<csr::sie>(interrupt::timer);
}

void resume(HartIndex hart) {
    Timer& timer = timers[hart];
    timer.ticking = true;
    const Word now = csr::read<csr::time>();
    pass_over(timer, now);
    if ((csr::read<csr::sip>() & interrupt::timer) != 0)
        program(timer);
    else
        hasten(timer);
    csr::set<csr::sie>(interrupt::timer);
}

/// @cond LAB3
void set_alarm(HartIndex hart, Word time) {
    Timer& timer = timers[hart];
    if (timer.alarm == time)
        return;
    timer.alarm = time;
    hasten(timer);
    csr::set<csr::sie>(interrupt::timer);
}
/// @endcond

} // namespace timer
