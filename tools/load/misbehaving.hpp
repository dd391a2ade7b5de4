// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A bad client: performs one script after the other, each on a connection of its own. That the
/// server ends such a connection, or refuses it, is no error; only a complete answer that is wrong
/// is one. It begins when the run has started, and ends with it.
/// Read next: script.hpp.
/// @stage{none}
#pragma once

#include "tools/load/script.hpp"
#include "tools/load/worker.hpp"

namespace load {

class Misbehaving final : public Client {
public:
    /// @param index differs from that of every other client, well-behaved or not
    Misbehaving(Local& local, Kind kind, unsigned index);

    void admitted(Time now) override;
    void ready(std::uint32_t events) override;
    void sweep(Time now) override;

private:
    enum class State { pausing, waiting, connecting, working };

    void move(Time now);
    void send(Time now);
    void receive();
    bool take(std::string_view received);
    void fail(Time now);
    void end_turn();
    void rest(Time now);
    void watch();
    Misbehaved& counts() {
        return local_.statistics.misbehaved.at(static_cast<std::size_t>(kind_));
    }

    Local& local_;
    const Kind kind_;
    const unsigned index_;
    Random random_;
    std::unique_ptr<Protocol> protocol_;
    std::uint64_t number_ = 0;
    Script script_;
    State state_ = State::pausing;
    bool has_turn_ = false; ///< no other connection may be opened
    Time settled_;          ///< when its turn ends, even if the connection has ended before
    Descriptor socket_;
    std::size_t sent_ = 0; ///< bytes of the script's text
    Time next_;            ///< when something is to be done: the next piece, the next connection
    Time leaves_;          ///< when the script ends at the latest
    bool done_ = false;    ///< the script ends now
};

} // namespace load
