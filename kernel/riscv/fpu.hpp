// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The floating-point unit. A thread that never touches it costs nothing: its unit is off until
/// its first instruction traps. From then on its registers are saved when it is switched away from
/// and has changed them, and loaded when it comes back, unless they are still there.
/// Always holds: the registers of a thread that does not run are in its TCB.
/// Guard: the kernel lock. Read next: fpu.cpp.
/// @stage{none}
#pragma once

#include "kernel/platform/board.hpp"
#include "kernel/riscv/csr.hpp"
#include "kernel/sched/hart.hpp"

namespace fpu {

/// The part of switch_to for when a unit is in use.
void change_owner(Tcb& tcb);

/// Does a switch to `tcb` concern the unit? Not if neither it nor the current thread uses it.
[[nodiscard]] inline bool concerned(const Tcb& tcb) {
    return board.has_fpu && ((current_thread().special | tcb.special) & Tcb::uses_fpu) != 0;
}

/// Before `tcb` becomes the current thread of this hart, or its flags changed.
inline void switch_to(Tcb& tcb) {
    if (concerned(tcb))
        change_owner(tcb);
}

/// An instruction was illegal: was it because the unit is off, and may `tcb` use it? Then it can
/// be tried again. `instruction`: its bits, 0 if they are not known.
[[nodiscard]] bool first_use(Tcb& tcb, Word instruction);

} // namespace fpu
