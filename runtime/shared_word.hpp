// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A word that another process, hart or the kernel may write at any time. Every access says its
/// order; nothing else of the runtime touches shared memory.
/// Always holds: it is exactly as large as its value, so that it can be a member of a layout that
/// others know.
/// Read next: runtime/riscv/fence.hpp, for what the orders are made of.
/// @stage{3}
#pragma once

#include <stdint.h>

#ifdef __riscv
#include "runtime/riscv/fence.hpp"
#else
#include <atomic>
#endif

namespace rt {

#ifdef __riscv

template <class T>
class SharedWord {
public:
    [[nodiscard]] T load_relaxed() const { return value_; }
    [[nodiscard]] T load_acquire() const {
        const T value = value_;
        riscv::fence_acquire();
        return value;
    }
    void store_relaxed(T value) { value_ = value; }
    void store_release(T value) {
        riscv::fence_release();
        value_ = value;
    }
    /// Stores `value`; answers what was there. Acquire and release, as the next two.
    T exchange(T value) { return riscv::swap(value_, value); }
    /// Sets bits; answers what was there.
    T fetch_or(T bits) { return riscv::set_bits(value_, bits); }
    /// Stores `desired` if `expected` is there. Did it?
    bool compare_exchange(T expected, T desired) {
        return riscv::compare_and_swap(value_, expected, desired);
    }

private:
    volatile T value_ = 0;
};

inline void fence_full() { riscv::fence_full(); }
inline void fence_acquire() { riscv::fence_acquire(); }
inline void fence_release() { riscv::fence_release(); }

#else // on the host, for tests

template <class T>
class SharedWord {
public:
    [[nodiscard]] T load_relaxed() const { return word().load(std::memory_order_relaxed); }
    [[nodiscard]] T load_acquire() const { return word().load(std::memory_order_acquire); }
    void store_relaxed(T value) { word().store(value, std::memory_order_relaxed); }
    void store_release(T value) { word().store(value, std::memory_order_release); }
    T exchange(T value) { return word().exchange(value, std::memory_order_acq_rel); }
    T fetch_or(T bits) { return word().fetch_or(bits, std::memory_order_acq_rel); }
    bool compare_exchange(T expected, T desired) {
        return word().compare_exchange_strong(expected, desired, std::memory_order_acq_rel);
    }

private:
    [[nodiscard]] std::atomic_ref<T> word() const { return std::atomic_ref<T>(value_); }

    mutable T value_ = 0;
};

inline void fence_full() { std::atomic_thread_fence(std::memory_order_seq_cst); }
inline void fence_acquire() { std::atomic_thread_fence(std::memory_order_acquire); }
inline void fence_release() { std::atomic_thread_fence(std::memory_order_release); }

#endif

static_assert(sizeof(SharedWord<uint32_t>) == 4 && sizeof(SharedWord<uint64_t>) == 8);

} // namespace rt
