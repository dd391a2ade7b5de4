// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The groups of synchronous benchmarks; each writes its figures. What the figures mean, and what
/// seL4 needs, is in tools/bench/targets.py.
/// Read next: sync.cpp.
/// @stage{none}
#pragma once

#include "user/bench/samples.hpp"
#include "user/bench/space.hpp"
#include "user/bench/timed.hpp"
#include "user/lib/program.hpp"

namespace bench {

/// The thread that measures; servers are more important.
constexpr Word own_priority = 100;
constexpr Word server_priority = 101;

/// Operations before the first sample: caches of the emulator do not count, but lazy work would.
constexpr unsigned warm_up = 4;

/// Call and reply, short and long; send. `config` is part of each figure's.
void measure_calls(user::VSpace& server_space, const char* config);
/// A fault and the answer of its handler.
void measure_faults(user::VSpace& server_space, const char* config);
/// Signals with and without somebody who waits.
void measure_signals(user::VSpace& server_space, const char* config);
/// Yield, with and without another thread.
void measure_yield();
/// Mapping, retyping, priorities.
void measure_pages();
void measure_retype();
void measure_priority();
/// The longest delay of an interrupt while other threads keep the kernel busy.
void measure_interrupts();

} // namespace bench
