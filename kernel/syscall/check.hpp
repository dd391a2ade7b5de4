// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Debug builds look after every trap at what it may have broken, and once in a while at all run
/// queues and whole derivation trees. Release builds have nothing of it.
/// Read next: check.cpp.
/// @stage{2}
#pragma once

#include "kernel/config.hpp"

namespace check {

/// Panics if an invariant of the derivation tree, the run queues or the current thread is broken.
void all_invariants();

inline void everything() {
    if constexpr (config::debug)
        all_invariants();
}

} // namespace check
