// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A connection of the TCP server.
/// Read next: conversations.hpp.
/// @stage{7}
#pragma once

#include "user/net/net.hpp"
#include "user/tcpsrv/site.hpp"

namespace tcpsrv {

/// Connections to a port that wait to be accepted.
constexpr Word backlog = 128;
constexpr unsigned ports = 2;
/// Connections at a time, to all ports: as many as there can be before the net server lets idle
/// ones give way, so that none waits for its turn while another one is idle.
constexpr unsigned most_connections = net::most_handles - net::spare_handles - ports;
/// Seconds in which a client may say nothing.
constexpr Word patience = 120;

/// What a connection has while it is open.
struct Connection {
    Word handle = 0;
    net::Packet* packet = nullptr;
    http::Conversation conversation = {};
    Site site = {};
};

} // namespace tcpsrv
