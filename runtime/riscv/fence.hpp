// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Order between this hart's memory accesses as others see them (RVWMO, RISC-V unprivileged
/// specification, chapter 17), and the atomic instructions with both orders. Accesses themselves
/// are volatile: compilers make plain loads and stores of them, and g++ 12 would make relaxed
/// atomic stores atomic swaps.
/// Read next: runtime/shared_word.hpp.
/// @stage{3}
#pragma once

#include <stdint.h>

namespace riscv {

/// Loads before it come before all accesses behind it.
[[gnu::always_inline]] inline void fence_acquire() { asm volatile("fence r, rw" : : : "memory"); }

/// All accesses before it come before stores behind it.
[[gnu::always_inline]] inline void fence_release() { asm volatile("fence rw, w" : : : "memory"); }

/// All accesses before it come before all accesses behind it.
[[gnu::always_inline]] inline void fence_full() { asm volatile("fence rw, rw" : : : "memory"); }

/// Stores `value`; answers what was there.
template <class T>
T swap(volatile T& place, T value) {
    T old;
    if constexpr (sizeof(T) == sizeof(uint64_t))
        asm volatile("amoswap.d.aqrl %0, %2, %1" : "=r"(old), "+A"(place) : "r"(value) : "memory");
    else
        asm volatile("amoswap.w.aqrl %0, %2, %1" : "=r"(old), "+A"(place) : "r"(value) : "memory");
    return old;
}

/// Sets the bits of `bits`; answers what was there.
template <class T>
T set_bits(volatile T& place, T bits) {
    T old;
    if constexpr (sizeof(T) == sizeof(uint64_t))
        asm volatile("amoor.d.aqrl %0, %2, %1" : "=r"(old), "+A"(place) : "r"(bits) : "memory");
    else
        asm volatile("amoor.w.aqrl %0, %2, %1" : "=r"(old), "+A"(place) : "r"(bits) : "memory");
    return old;
}

/// Stores `desired` if `expected` is there. Did it?
template <class T>
bool compare_and_swap(volatile T& place, T expected, T desired) {
    T old;
    T failed;
    if constexpr (sizeof(T) == sizeof(uint64_t))
        asm volatile("1: lr.d.aqrl %0, %2\n bne %0, %3, 2f\n sc.d.rl %1, %4, %2\n bnez %1, 1b\n2:"
                     : "=&r"(old), "=&r"(failed), "+A"(place)
                     : "r"(expected), "r"(desired)
                     : "memory");
    else
        asm volatile("1: lr.w.aqrl %0, %2\n bne %0, %3, 2f\n sc.w.rl %1, %4, %2\n bnez %1, 1b\n2:"
                     : "=&r"(old), "=&r"(failed), "+A"(place)
                     : "r"(static_cast<int32_t>(expected)), "r"(desired)
                     : "memory");
    return old == expected;
}

} // namespace riscv
