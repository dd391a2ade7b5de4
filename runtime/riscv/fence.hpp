// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The fences of RISC-V that order accesses to memory. `fence rw, w` keeps loads and stores (rw)
/// before it from being overtaken by stores (w) behind it; likewise the others. Accesses to
/// devices are another matter: these fences do not order them.
/// Reference: RISC-V unprivileged specification 20191213, 2.7 and table A.6.
/// Read next: word_access.hpp.
/// @stage{3}
#pragma once

namespace rt::machine {

inline void fence_full() { asm volatile("fence rw, rw" : : : "memory"); }
inline void fence_acquire() { asm volatile("fence r, rw" : : : "memory"); }
inline void fence_release() { asm volatile("fence rw, w" : : : "memory"); }

} // namespace rt::machine
