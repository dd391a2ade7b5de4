// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What the TCP server says on its connections: echoes on one port, pages on another. A coroutine
/// each; who calls the net server, and how, is the Server's.
/// Read next: conversations.cpp, server.hpp.
/// @stage{7}
#pragma once

/// @cond NONE
#include "kernel/config.hpp"
#if REL4_SYNCHRONOUS_IPC
#include "user/tcpsrv/sync_server.hpp"
#else
/// @endcond
#include "user/tcpsrv/server.hpp"
/// @cond NONE
#endif
/// @endcond

namespace tcpsrv {

constexpr uint16_t echo_port = 7;
constexpr uint16_t http_port = 80;

/// Sends back what comes.
rt::Task<> echo(rt::Frames frames, Server* server, Connection* connection);

/// Answers requests for pages.
rt::Task<> serve_pages(rt::Frames frames, Server* server, Connection* connection);

} // namespace tcpsrv
