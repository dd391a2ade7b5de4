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
