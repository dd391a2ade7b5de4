// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The TCP server: accepts connections and gives each a coroutine, and a packet to receive into and
/// to send from. With as many connections as there may be it accepts no more: the next ones wait in
/// the net server, and find out there if they wait too long.
/// Read next: server.cpp, main.cpp.
/// @stage{7}
#pragma once

#include "user/lib/async_process.hpp"
#include "user/net/net.hpp"
#include "user/tcpsrv/connection.hpp"

namespace tcpsrv {

class Server {
public:
    Server(user::AsyncProcess& process, net::Net to) : net(to), process_(process) {}
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    /// Accepts connections on a port, for ever, and lets `serve` work on each.
    using Serve = rt::Task<> (*)(rt::Frames frames, Server* server, Connection* connection);
    rt::Task<> listen(rt::Frames frames, uint16_t port, Serve serve);

    // For conversations.

    /// The connection is over.
    void close(Connection& connection);
    /// All figures, with these of the net server.
    const Figures& measure(const net::Counters& counters);

    const net::Net net;
    Figures figures{.system = "ReL4, asynchronous"};

private:
    Connection* open(Word handle);

    user::AsyncProcess& process_;
    Connection connections_[most_connections] = {};
    net::Packet packets_[most_connections] = {};
    Connection* free_[most_connections] = {};
    unsigned free_count_ = 0;
    unsigned fresh_ = 0;
    unsigned open_ = 0;
};

} // namespace tcpsrv
