// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Several harts: how many there are, and threads that are put on them. The test itself runs on
/// the first.
/// @stage{none}
#pragma once

#include "user/lib/boot_info.hpp"
#include "user/tests/puppet.hpp"

/// Harts that the kernel uses.
inline Word harts() { return config::smp ? user::boot_info().nodes : 1; }

inline void set_hart(CPtr tcb, Word hart, const Place& place = Place::current()) {
    expect_success("affinity", invoke(tcb, abi::TcbSetAffinity{hart}), place);
}

/// As important as the test: threads that take turns with it while it rests.
constexpr Word test_priority = 200;

/// Waits for what threads on other harts do, or as important ones on this.
template <class Condition>
void rest_until(Condition condition) {
    while (!condition())
        yield();
}
