// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The kernel's tick: an interrupt on every hart each config::tick_milliseconds. Deadlines of a
/// hart lie at equal distances, so a late tick delays none of the next.
/// @stage{2}
#pragma once

#include "kernel/lib/types.hpp"

namespace timer {

/// What the `time` register counts a second. Called once, before the others.
void init(Word ticks_per_second);

/// Starts the tick of this hart.
void init_hart(HartIndex hart);

/// After a tick: asks for the next one.
void rearm(HartIndex hart);

/// No ticks while nothing runs on this hart.
void pause();

/// Ticks again; one that was due in the meantime is left out.
void resume(HartIndex hart);

} // namespace timer
