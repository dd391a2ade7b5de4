// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A well-behaved client: sends requests, and verifies and times their answers.
///
///     waiting -> connecting -> warming -> ready -> working -> finished
///        ^       (no answer: given up)                |
///        +---- enough requests, or an error ----------+
///
/// The first exchange on a connection is its warm-up: only after it may the next connection be
/// opened, because a server's queue of new connections may be as short as one (as that of QEMU's
/// user-mode network). Warm-ups are verified, but are no requests of the statistics.
/// @stage{none}
#pragma once

#include "tools/load/worker.hpp"

namespace load {

class Connection final : public Client {
public:
    Connection(Local& local, unsigned index);

    void admitted(Time now) override;
    void ready(std::uint32_t events) override;
    void sweep(Time now) override;

private:
    enum class State { waiting, connecting, warming, ready, working, finished };

    void receive();
    void take(std::string_view received, Time now);
    void answered(Time now);
    void pump(Time now);
    void send();
    void wait_for_turn();
    void warmed_up(Time now);
    void finish();
    void fail(Error error, std::string_view text);
    void fail(int number, std::string_view doing);
    [[nodiscard]] bool is_opening() const {
        return state_ == State::connecting || state_ == State::warming;
    }

    Local& local_;
    const unsigned index_;
    std::unique_ptr<Protocol> protocol_;
    State state_ = State::waiting;
    bool ever_opened_ = false; ///< the run knows that this connection is open, or never will be
    bool writable_wanted_ = false;
    bool ending_ = false; ///< the server said that it ends this connection
    Descriptor socket_;
    std::deque<Time> in_flight_; ///< when each request without an answer was sent
    Time opening_;               ///< began at
    std::string unsent_;
    std::uint64_t number_ = 0; ///< of the next request
    unsigned on_this_ = 0;     ///< requests sent on this connection, without the warm-up
};

} // namespace load
