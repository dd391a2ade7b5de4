// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The TCP server with a thread for each connection (PROFILE=sel4), as in the paper. Threads are
/// made once, for each port as many as there may be connections. They take turns: one waits for the
/// next connection, and lets another one wait before it serves it. So no connection is handed from
/// thread to thread.
///
///     thread | wait for the turn | accept | pass the turn on | serve ... | wait ...
///
/// Read next: sync_server.cpp, user/net/sync_net.hpp.
/// @stage{none}
#pragma once

#include "runtime/executor.hpp"
#include "user/lib/thread.hpp"
#include "user/net/net.hpp"
#include "user/tcpsrv/connection.hpp"

#include <span>

namespace tcpsrv {

class Server;
using Serve = rt::Task<> (*)(rt::Frames frames, Server* server, Connection* connection);

/// A port that is listened to.
struct Port {
    Word listener = 0;
    abi::CPtr turn = 0; ///< a notification: who receives its signal accepts
    Serve serve = nullptr;
};

/// What a thread has: what all count together is the sum.
class Server {
public:
    Server() = default;
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    /// Listens on a port. Called by the first thread, of which `line` is. False, and it has said
    /// why, if that cannot be.
    static bool listen(net::Line& line, uint16_t number, Port& port, Serve serve);
    /// Makes its thread, which serves a port for ever. False if there is not enough of something.
    bool start(abi::CPtr service, const Port& port, Word priority, Word hart);

    /// All threads were made, and accept connections from now on; no more memory is taken, and no
    /// more slots.
    static void begin(std::span<const Port> all);

    // For conversations.

    void close(Connection& connection);
    const Figures& measure(const net::Counters& counters);

    net::Line line;
    const net::Net net{line};
    Figures figures{.system = "seL4's way, synchronous"};

private:
    static void run(Word self);
    [[noreturn]] void serve();

    static constexpr Word frame_bytes = 1024;
    alignas(64) std::byte frames_[4 * frame_bytes] = {};
    rt::FramePool pool_{frames_, frame_bytes};
    user::Thread thread_;
    const Port* port_ = nullptr;
    Connection connection_;
    Figures shown_{};
    bool open_ = false;
    Word turns_ = 0; ///< to accept a connection, which it took and passed on
};

/// All threads.
extern constinit Server* servers[ports * most_connections];

} // namespace tcpsrv
