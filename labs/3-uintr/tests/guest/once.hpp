// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The least that can be seen of a user interrupt: that one came. The entry uses no register and no
/// memory; it switches further ones off (uie) and goes back, and what is pending stays so.
///
///     arm();  ...  if (interrupted()) { vectors = rt::take_pending(); arm(); }
///
/// Read next: user/tests/uintr.hpp.
#pragma once

#include "user/tests/uintr.hpp"

extern "C" void lab_entry_once();

/// The next user interrupt of this thread is seen.
inline void arm() {
    asm volatile("csrw 0x005, %0\ncsrsi 0x004, 1\ncsrsi 0x000, 1"
                 :
                 : "r"(&lab_entry_once)
                 : "memory");
}

/// Has one come since?
[[nodiscard]] inline bool interrupted() {
    Word enabled;
    asm volatile("csrr %0, 0x004" : "=r"(enabled) : : "memory");
    return (enabled & 1) == 0;
}

/// User interrupts of this thread come no more.
inline void disarm() { asm volatile("csrci 0x000, 1" : : : "memory"); }

/// A signal of the kernel's to a registered notification: pending at its kernel vector.
inline Word kernel_bit(const Registered& receiver) { return bit(receiver.kernel_vector()); }
