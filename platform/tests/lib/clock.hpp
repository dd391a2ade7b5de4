// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Waiting, measured by the machine's clock (the time register). For every privilege.
#pragma once

#include "platform/tests/lib/board.hpp"
#include "platform/tests/lib/csr.hpp"

/// Seconds in ticks of the time register.
inline uint64_t ticks(uint64_t seconds) { return seconds * board.timebase; }

/// How long nothing may happen before it is called a hang: long, because on a loaded host a hart
/// may not run for seconds.
constexpr uint64_t patience = 120;

/// Calls `condition` until it holds; false if it does not for `patience` seconds.
template <typename Condition>
[[nodiscard]] bool wait_until(Condition condition) {
    const uint64_t start = csr::read<csr::time>();
    while (!condition())
        if (csr::read<csr::time>() - start > ticks(patience))
            return false;
    return true;
}

/// Spins for a millisecond: time enough for another hart to fall asleep.
inline void wait_a_moment() {
    const uint64_t start = csr::read<csr::time>();
    while (csr::read<csr::time>() - start < ticks(1) / 1000) {
    }
}
