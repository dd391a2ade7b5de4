// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What all threads of one run share: when it starts and ends, how many requests may still be sent,
/// and how many connections are being opened.
///
///     opening ----- every connection has had its first answer, or failed -----> started
///     started ----- no request is left, and every answer is there -----> the threads end
///     any time ---- stop() -----> the threads end at once
///
/// Read next: worker.hpp.
/// @stage{none}
#pragma once

#include "tools/load/protocol.hpp"
#include "tools/load/socket.hpp"

#include <atomic>
#include <chrono>

namespace load {

using Clock = std::chrono::steady_clock;
using Time = Clock::time_point;

inline Clock::duration seconds(double value) {
    return std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(value));
}
inline std::uint64_t nanoseconds(Clock::duration value) {
    return static_cast<std::uint64_t>(
        std::chrono::duration_cast<std::chrono::nanoseconds>(value).count());
}

class Run {
public:
    /// @throws std::runtime_error, a sentence, if the host is not known
    explicit Run(const Options& asked)
        : options(asked), address(Address::of(asked.host, asked.port)),
          unopened_(asked.connections) {}

    const Options& options;
    const Address address;
    Reference reference;
    const Event changed; ///< set at every change of state; never cleared

    /// A request may be sent, and counts as sent.
    bool take(Time now) {
        return left(now) && (options.requests == 0 || taken_.fetch_add(1) < options.requests);
    }
    [[nodiscard]] bool left(Time now) const {
        if (!started() || stopped())
            return false;
        return options.requests != 0 ? taken_.load() < options.requests
                                     : now < start_ + seconds(options.seconds);
    }

    /// Turns to open a connection come in the order in which they were asked for, in all threads.
    std::uint64_t ask_for_turn() { return asked_++; }
    [[nodiscard]] bool is_turn(std::uint64_t turn) const { return turn < over_ + options.ramp; }
    /// The next one may come.
    void end_turn() { over_++; }

    /// A connection had its first answer, or failed for good before. The last one starts the run.
    void opened() {
        if (--unopened_ != 0)
            return;
        start_ = Clock::now();
        started_.store(true, std::memory_order_release); // with acquire in started(): start_
        changed.set();
    }
    void stop() {
        stopped_ = true;
        changed.set();
    }

    [[nodiscard]] bool started() const { return started_.load(std::memory_order_acquire); }
    [[nodiscard]] bool stopped() const { return stopped_; }
    /// @pre started()
    [[nodiscard]] Time start() const { return start_; }

private:
    std::atomic<unsigned> unopened_;
    std::atomic<std::uint64_t> asked_ = 0; ///< turns so far
    std::atomic<std::uint64_t> over_ = 0;  ///< of these
    std::atomic<std::uint64_t> taken_ = 0;
    std::atomic<bool> started_ = false;
    std::atomic<bool> stopped_ = false;
    Time start_; ///< immutable after started_
};

} // namespace load
