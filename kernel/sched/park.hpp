// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Parking: a thread that has nothing to do sleeps in the kernel until a user interrupt comes or
/// its time is up. Threads with a deadline are in a list of their hart, the first one to wake
/// first; only threads with a receiver park, so that it is never longer than there are receivers.
/// Who wakes earlier stays in the list: it may well park again until the same time, as one does
/// that looks after timers between other work, and then nothing is to be done.
/// Guard: the kernel lock. Read next: park.cpp, kernel/object/receiver.hpp, kernel/riscv/timer.hpp.
/// @stage{3}
#pragma once

#include "kernel/sched/hart.hpp"

namespace park {

/// UintrPark of the current thread.
void park(Tcb& tcb, Word sender, Word deadline);

/// The thread does not wait for its deadline any more, if it has one.
void forget_deadline(Tcb& tcb);

/// Wakes those sleepers of this hart whose time is up.
void wake_sleepers();

} // namespace park
