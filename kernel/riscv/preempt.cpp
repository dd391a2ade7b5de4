// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// An interrupt waits if it is pending and enabled, although sstatus.SIE keeps it away.
/// @stage{1}
#include "kernel/syscall/preempt.hpp"

#include "kernel/riscv/csr.hpp"

bool preempt::pending() { return (csr::read<csr::sip>() & csr::read<csr::sie>()) != 0; }
