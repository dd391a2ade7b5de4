// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Stands in for user interrupts in host tests.
/// Read next: labs/5-runtime/tests/stand_in/machine.hpp.
#pragma once

#include "kernel/abi/user_interrupt.hpp"
#include "labs/5-runtime/tests/stand_in/machine.hpp"
#include "runtime/interrupted.hpp"

namespace rt {

using abi::Word;

inline void rt_entry_that_notes() {}

inline void send(Word index) { machine::current->send(index); }
[[nodiscard]] inline Word take_pending() { return machine::current->take_pending(); }
inline void allow_interrupts() { machine::current->allow(); }
inline bool forbid_interrupts() { return machine::current->forbid(); }
inline void enable_interrupts(void (* /*entry*/)(), Interrupted& state) {
    machine::current->enable(state);
}

} // namespace rt
