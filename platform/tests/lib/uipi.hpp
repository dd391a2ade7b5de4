// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The user-interrupt instructions, one function each. They may be called in U, S and M-mode.
/// Ordering is the caller's: a send is a device output, a read is device input and output
/// (see send_after_stores and read_before_loads).
/// Read next: uintc.hpp.
#pragma once

#include <stdint.h>

namespace uipi {

/// Sends through entry `index` of the sender table in suist.
inline void send(uint64_t index) {
    asm volatile(".insn r 0x7b, 6, 0, x0, %0, x0" : : "r"(index) : "memory");
}

/// Pending bits of the receiver named by suirs, which this clears.
inline uint64_t read() {
    uint64_t pending;
    asm volatile(".insn r 0x7b, 6, 1, %0, x0, x0" : "=r"(pending) : : "memory");
    return pending;
}

/// Sets these bits in the pending word of the receiver named by suirs.
inline void write(uint64_t pending) {
    asm volatile(".insn r 0x7b, 6, 2, x0, %0, x0" : : "r"(pending) : "memory");
}

inline void activate() { asm volatile(".insn r 0x7b, 6, 3, x0, x0, x0" : : : "memory"); }
inline void deactivate() { asm volatile(".insn r 0x7b, 6, 4, x0, x0, x0" : : : "memory"); }

/// A send that announces data: the stores before it are seen by whoever takes the interrupt.
inline void send_after_stores(uint64_t index) {
    asm volatile("fence w, o" : : : "memory");
    send(index);
}

/// The other end of send_after_stores.
inline uint64_t read_before_loads() {
    const uint64_t pending = read();
    asm volatile("fence i, r" : : : "memory");
    return pending;
}

} // namespace uipi
