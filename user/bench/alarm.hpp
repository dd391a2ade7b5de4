// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// An interrupt at a given time: the alarm of the board's real-time clock (Google's goldfish RTC).
/// Its time is in nanoseconds, which are instructions where QEMU counts them.
/// Read next: sync_interrupt.cpp.
/// @stage{none}
#pragma once

#include "kernel/abi/types.hpp"

namespace bench {

class Alarm {
public:
    /// Maps the clock and takes its interrupt, which will signal `notification`. False if the board
    /// has none.
    bool create(abi::CPtr notification);

    [[nodiscard]] abi::Word now() const;
    /// Asks for an interrupt at this time.
    void set(abi::Word time);
    /// After the interrupt: it may come again.
    void acknowledge();

private:
    [[nodiscard]] volatile uint32_t& at(abi::Word offset) const {
        return *reinterpret_cast<volatile uint32_t*>(registers_ + offset);
    }

    abi::Word registers_ = 0;
    abi::CPtr handler_ = 0;
};

} // namespace bench
