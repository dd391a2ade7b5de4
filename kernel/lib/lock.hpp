// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The one lock of the kernel: who came first gets it first (a ticket lock).
///
///     next     the ticket for whoever comes          serving  the ticket whose turn it is
///
/// A hart that waits goes on doing what others ask of it (`meanwhile`): the holder may need that
/// done before it can let go.
/// Read next: kernel/syscall/trap.cpp, kernel/sched/remote.hpp.
/// @stage{2}
#pragma once

#include <atomic>
#include <stdint.h>

class TicketLock {
public:
    template <class Meanwhile>
    void acquire(Meanwhile meanwhile) {
        // Relaxed: a ticket orders nothing, its turn does.
        const uint32_t ticket = next_.fetch_add(1, std::memory_order_relaxed);
        // Acquire: partner is release(): what the last holder wrote is seen.
        while (serving_.load(std::memory_order_acquire) != ticket)
            meanwhile();
    }

    /// Does somebody wait for the holder? Only a hint: it can be one who has just come.
    [[nodiscard]] bool contended() const {
        return next_.load(std::memory_order_relaxed) - serving_.load(std::memory_order_relaxed) > 1;
    }

    void release() {
        serving_.store(serving_.load(std::memory_order_relaxed) + 1, std::memory_order_release);
    }

private:
    std::atomic<uint32_t> next_ = 0;
    std::atomic<uint32_t> serving_ = 0;
};
