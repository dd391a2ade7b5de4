// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A thread that drives many clients with one epoll. What belongs to the thread alone, its clients
/// use without locks.
/// Always holds: a client's socket has at most one event in a batch, and is replaced only between
/// two batches, so an event never meets another socket than its own.
/// Read next: connection.hpp, misbehaving.hpp.
/// @stage{none}
#pragma once

#include "tools/load/run.hpp"
#include "tools/load/statistics.hpp"

#include <array>
#include <deque>
#include <memory>
#include <thread>
#include <vector>

namespace load {

/// One connection after the other to the server.
class Client {
public:
    virtual ~Client() = default;
    /// Its turn to open a connection, which it asked for.
    virtual void admitted(Time now) = 0;
    /// Something happened to its socket (events of epoll).
    virtual void ready(std::uint32_t events) = 0;
    /// Called again and again, for what time brings.
    virtual void sweep(Time now) = 0;
};

/// What the clients of one thread share.
struct Local {
    explicit Local(Run& of) : run(of) {}

    /// The client will be admitted when it is its turn to open a connection.
    void ask_for_turn(Client& client) { waiting.emplace_back(&client, run.ask_for_turn()); }

    Run& run;
    Poller poller = {};
    Statistics statistics = {};
    std::deque<std::pair<Client*, std::uint64_t>> waiting = {}; ///< for their turn
    std::size_t active = 0;                                     ///< clients that have not finished
    std::array<char, 65536> received = {};
};

class Worker {
public:
    /// @param period between two sweeps
    Worker(Run& run, std::chrono::milliseconds period) : local_(run), period_(period) {}

    /// @pre run() was not called
    template <typename T, typename... Arguments>
    void add(Arguments&&... arguments) {
        clients_.push_back(std::make_unique<T>(local_, std::forward<Arguments>(arguments)...));
        local_.active++;
    }
    /// Until all clients have finished, or the run is stopped.
    void run();

    /// @pre run() has returned
    [[nodiscard]] const Statistics& statistics() const { return local_.statistics; }
    /// At any time.
    [[nodiscard]] std::uint64_t answers() const { return answers_; }
    [[nodiscard]] std::uint64_t errors() const { return errors_; }

private:
    void admit();
    void sweep();

    Local local_;
    std::chrono::milliseconds period_;
    Time swept_;
    std::vector<std::unique_ptr<Client>> clients_;
    std::atomic<std::uint64_t> answers_ = 0;
    std::atomic<std::uint64_t> errors_ = 0;
};

} // namespace load
