// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The machine's real-time clock, for its alarm: seL4 has no time-outs (PROFILE=sel4).
/// Reference: the Goldfish RTC of Android's emulator, as QEMU's virt machine has it.
/// @stage{none}
#pragma once

#include "kernel/abi/types.hpp"

namespace netsrv {

class Alarm {
public:
    /// Its interrupt signals a notification, with this badge. False if there is no such clock.
    bool start(abi::CPtr notification, abi::Word badge);
    /// The interrupt comes so much later.
    void set(abi::Word milliseconds);
    /// It came.
    void acknowledge();

private:
    enum Register : unsigned { // in words of 32 bits
        time_low,
        time_high, ///< of when time_low was read
        alarm_low, ///< sets the alarm
        alarm_high,
        irq_enabled,
        clear_alarm,
        alarm_status,
        clear_interrupt,
    };

    volatile uint32_t* registers_ = nullptr;
    abi::CPtr irq_ = 0;
};

} // namespace netsrv
