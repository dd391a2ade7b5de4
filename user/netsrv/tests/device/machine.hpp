// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The network half of a machine that is played: driver, lwIP and an echo server on a Card. There
/// is one, since lwIP has no instances. It runs as the net server does (main.cpp): while frames
/// come it polls, then it asks for an interrupt and sleeps; and now and then it looks at its
/// timers. Read next: card.hpp, user/netsrv/interface.hpp.
/// @stage{none}
#pragma once

#include "user/netsrv/interface.hpp"
#include "user/netsrv/tests/device/card.hpp"

namespace test {

class Machine {
public:
    /// The one that there is, in whatever state.
    static Machine& the_one();

    /// Until it sleeps, and nothing interrupts. Fails if that is never.
    void run();
    /// Time passes, with a look at the timers every 250 ms.
    void pass(unsigned milliseconds);

    /// A frame comes, if the card has room for it.
    void receive(const Bytes& frame, uint8_t flags = 0);
    /// Is a ping answered, to the byte?
    bool answers_ping();
    /// Memory of lwIP that is in use, in bytes.
    [[nodiscard]] static size_t memory_in_use();
    /// The card has all buffers; there is no connection, and no memory in use.
    void check_unused();

    Card card;
    netsrv::Interface interface;

private:
    Machine();

    uint16_t pings_ = 0;
};

/// A connection to the echo server, of which the first sequence number is 0.
class Connection {
public:
    Connection(Machine& machine, uint16_t port, uint16_t window = 0xffff);
    /// Sends data that begins so many bytes behind the first one.
    void send_at(uint32_t offset, std::span<const std::byte> data);
    /// All that has come back since, in the order in which it came; it is acknowledged.
    Bytes received();
    /// Breaks it off.
    void reset();
    /// The numbers that come next.
    [[nodiscard]] uint32_t sent() const { return sent_; }
    [[nodiscard]] uint32_t acknowledged() const { return acknowledged_; }

    uint16_t window; ///< what we say that we have room for

private:
    void segment(uint8_t flags, uint32_t sequence, std::span<const std::byte> data);
    Bytes take_data();

    Machine& machine_;
    uint16_t port_;
    uint32_t sent_ = 0; ///< the number behind all that was sent
    uint32_t acknowledged_ = 0;
};

/// Bytes that follow one another.
Bytes pattern(size_t length);

/// IPv4 from the peer, with an Ethernet header.
Bytes packet(uint8_t protocol, Bytes payload);
/// A segment of the peer's, for the echo server.
struct Segment {
    uint16_t port = 0;
    uint32_t sequence = 0;
    uint32_t acknowledged = 0;
    uint8_t flags = 0;
    uint16_t window = 0xffff;
    std::span<const std::byte> data = {};
};
Bytes tcp(const Segment& segment);

} // namespace test
