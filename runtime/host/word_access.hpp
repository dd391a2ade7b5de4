// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Operations on shared words on the host, where tests run under ThreadSanitizer: it
/// understands the orders of std::atomic_ref, but not fences, so nothing here relies on these.
/// Read next: runtime/shared_word.hpp, which says what each is for.
/// @stage{3}
#pragma once

#include <atomic>

namespace rt::machine {

inline void fence_full() { std::atomic_thread_fence(std::memory_order_seq_cst); }
inline void fence_acquire() { std::atomic_thread_fence(std::memory_order_acquire); }
inline void fence_release() { std::atomic_thread_fence(std::memory_order_release); }

template <class Bits>
[[nodiscard]] inline Bits load_relaxed(Bits& word) {
    return std::atomic_ref(word).load(std::memory_order_relaxed);
}

template <class Bits>
[[nodiscard]] inline Bits load_acquire(Bits& word) {
    return std::atomic_ref(word).load(std::memory_order_acquire);
}

template <class Bits>
inline void store_relaxed(Bits& word, Bits bits) {
    std::atomic_ref(word).store(bits, std::memory_order_relaxed);
}

template <class Bits>
inline void store_release(Bits& word, Bits bits) {
    std::atomic_ref(word).store(bits, std::memory_order_release);
}

template <class Bits>
inline Bits exchange(Bits& word, Bits bits) {
    return std::atomic_ref(word).exchange(bits, std::memory_order_acq_rel);
}

template <class Bits>
inline Bits fetch_or(Bits& word, Bits bits) {
    return std::atomic_ref(word).fetch_or(bits, std::memory_order_acq_rel);
}

/// The value before; if it is `expected`, that is `desired` now.
template <class Bits>
inline Bits compare_exchange(Bits& word, Bits expected, Bits desired) {
    std::atomic_ref(word).compare_exchange_strong(expected, desired, std::memory_order_acq_rel,
                                                  std::memory_order_acquire);
    return expected;
}

} // namespace rt::machine
