// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The TCP server: accepts connections and gives each a coroutine, and a packet to receive into and
/// to send from. With as many connections as there may be it accepts no more: the next ones wait in
/// the net server, and find out there if they wait too long.
/// Read next: main.cpp.
/// @stage{7}
#pragma once

#include "user/lib/async_process.hpp"
#include "user/net/net.hpp"
#include "user/tcpsrv/site.hpp"

namespace tcpsrv {

constexpr uint16_t echo_port = 7;
constexpr uint16_t http_port = 80;
constexpr unsigned most_connections = 300;

/// What a connection has while it is open.
struct Connection {
    Word handle = 0;
    unsigned index = 0;
    net::Packet packet = {};
    http::Conversation conversation = {};
};

class Server {
public:
    Server(user::AsyncProcess& process, net::Net net) : process_(process), net_(net) {}
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    /// Accepts connections on a port, for ever, and lets `serve` work on each.
    using Serve = rt::Task<> (*)(rt::Frames frames, Server* server, Connection* connection);
    rt::Task<> listen(rt::Frames frames, uint16_t port, Serve serve);

    /// Sends back what comes.
    static rt::Task<> echo(rt::Frames frames, Server* server, Connection* connection);
    /// Answers requests for pages.
    static rt::Task<> http(rt::Frames frames, Server* server, Connection* connection);

private:
    Connection* open(Word handle);
    void close(Connection& connection);
    void measure();
    rt::Task<net::Error> send(rt::Frames frames, Connection* connection, std::string_view text);

    user::AsyncProcess& process_;
    net::Net net_;
    Figures figures_{.system = "ReL4, asynchronous"};
    Site site_{figures_};
    Connection connections_[most_connections] = {};
    Connection* free_[most_connections] = {};
    unsigned free_count_ = 0;
    unsigned fresh_ = 0;
    unsigned open_ = 0;
};

} // namespace tcpsrv
