// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A lock for a few instructions, between threads of one program. Who waits lets others of its
/// priority run. A holder of lower priority on the same hart would never run again: where
/// priorities differ, use try_lock.
/// Read next: console.cpp.
/// @stage{1}
#pragma once

#include "user/lib/syscall.hpp"

#include <atomic>

namespace user {

class SpinLock {
public:
    void lock() {
        // Acquire: pairs with the release in unlock(); what the last holder wrote is seen.
        while (taken_.exchange(1, std::memory_order_acquire) != 0)
            sel4::yield();
    }
    /// False if it is taken after so many tries: for a holder that may be dead.
    bool try_lock(unsigned tries) {
        while (taken_.exchange(1, std::memory_order_acquire) != 0) {
            if (tries-- == 0)
                return false;
            sel4::yield();
        }
        return true;
    }
    void unlock() { taken_.store(0, std::memory_order_release); }

private:
    std::atomic<uint32_t> taken_ = 0;
};

/// Holds a lock as long as it lives.
class SpinGuard {
public:
    explicit SpinGuard(SpinLock& lock) : lock_(lock) { lock_.lock(); }
    ~SpinGuard() { lock_.unlock(); }
    SpinGuard(const SpinGuard&) = delete;
    SpinGuard& operator=(const SpinGuard&) = delete;

private:
    SpinLock& lock_;
};

} // namespace user
