// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The timer of each hart, for two uses: the kernel's tick, each config::tick_milliseconds, and one
/// alarm. Ticks of a hart lie at equal distances, so a late one delays none of the next.
/// @stage{2}
#pragma once

#include "kernel/lib/types.hpp"

namespace timer {

/// What the `time` register counts a second. Called once, before the others.
void init(Word ticks_per_second);

/// Starts the tick of this hart.
void init_hart(HartIndex hart);

/// The timer went off. Was it a tick? The next one is asked for.
[[nodiscard]] bool take_tick(HartIndex hart);

/// No ticks while nothing runs on this hart.
void pause(HartIndex hart);

/// Ticks again; one that was due in the meantime is left out.
void resume(HartIndex hart);

/// @cond LAB3
constexpr Word never = ~Word{0};

/// The timer of this hart goes off at this `time` too.
void set_alarm(HartIndex hart, Word time);
/// @endcond

} // namespace timer
