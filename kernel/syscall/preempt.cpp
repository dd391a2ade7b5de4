// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// An interrupt waits if it is pending and enabled, although sstatus.SIE keeps it away.
/// @cond LAB2
/// What a hart that waits for the kernel lock has come for, nobody knows: it may be an interrupt
/// of its own, and that must not wait for the end of an operation without a bound either.
/// @endcond
/// @stage{1}
#include "kernel/syscall/preempt.hpp"

#include "kernel/riscv/csr.hpp"
/// @cond LAB2
#include "kernel/syscall/trap.hpp"
/// @endcond

bool preempt::interrupted() { return interrupt::waiting() != 0; }

bool preempt::pending() {
    /// @cond LAB2
    if (config::smp && trap::kernel_lock.contended())
        return true;
    /// @endcond
    return interrupted();
}
