// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Operations on shared words as RISC-V has them. Loads and stores are plain instructions, which
/// are atomic for aligned words, and fences; `volatile` makes the compiler keep each of them, and
/// their order. The others are instructions of the A extension, acquire and release in one (.aqrl).
/// Not std::atomic: GCC 12 makes amoswap of its stores, and its compare_exchange with acq_rel has
/// no release (lr.aq, sc.aq).
/// Reference: RISC-V unprivileged specification 20191213, chapter 8 and table A.6.
/// Read next: runtime/shared_word.hpp, which says what each is for.
/// @stage{3}
#pragma once

#include "runtime/riscv/fence.hpp"

#include <stdint.h>

namespace rt::machine {

template <class Bits>
[[nodiscard]] inline Bits load_relaxed(const Bits& word) {
    return static_cast<const volatile Bits&>(word);
}

template <class Bits>
[[nodiscard]] inline Bits load_acquire(const Bits& word) {
    const Bits bits = load_relaxed(word);
    fence_acquire();
    return bits;
}

template <class Bits>
inline void store_relaxed(Bits& word, Bits bits) {
    static_cast<volatile Bits&>(word) = bits;
}

template <class Bits>
inline void store_release(Bits& word, Bits bits) {
    fence_release();
    store_relaxed(word, bits);
}

template <class Bits>
inline Bits exchange(Bits& word, Bits bits) {
    Bits old;
    if constexpr (sizeof(Bits) == 4)
        asm volatile("amoswap.w.aqrl %0, %2, %1" : "=r"(old), "+A"(word) : "r"(bits) : "memory");
    else
        asm volatile("amoswap.d.aqrl %0, %2, %1" : "=r"(old), "+A"(word) : "r"(bits) : "memory");
    return old;
}

template <class Bits>
inline Bits fetch_or(Bits& word, Bits bits) {
    Bits old;
    if constexpr (sizeof(Bits) == 4)
        asm volatile("amoor.w.aqrl %0, %2, %1" : "=r"(old), "+A"(word) : "r"(bits) : "memory");
    else
        asm volatile("amoor.d.aqrl %0, %2, %1" : "=r"(old), "+A"(word) : "r"(bits) : "memory");
    return old;
}

/// The value before; if it is `expected`, that is `desired` now. Tries again when the reservation
/// is lost for another reason.
template <class Bits>
inline Bits compare_exchange(Bits& word, Bits expected, Bits desired) {
    int64_t old;
    int64_t failed;
    if constexpr (sizeof(Bits) == 4) {
        const int64_t wanted = static_cast<int32_t>(expected); // as lr.w extends the sign
        asm volatile("0: lr.w.aq %0, %2\n\t"
                     "bne %0, %3, 1f\n\t"
                     "sc.w.rl %1, %4, %2\n\t"
                     "bnez %1, 0b\n"
                     "1:"
                     : "=&r"(old), "=&r"(failed), "+A"(word)
                     : "r"(wanted), "r"(desired)
                     : "memory");
    } else {
        asm volatile("0: lr.d.aq %0, %2\n\t"
                     "bne %0, %3, 1f\n\t"
                     "sc.d.rl %1, %4, %2\n\t"
                     "bnez %1, 0b\n"
                     "1:"
                     : "=&r"(old), "=&r"(failed), "+A"(word)
                     : "r"(expected), "r"(desired)
                     : "memory");
    }
    return static_cast<Bits>(old);
}

} // namespace rt::machine
