// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A server inside the test, on a port that the system chooses: every connection has a thread,
/// which runs what the test wants. Right servers, and some that lie.
/// @stage{none}
#pragma once

#include "tools/load/socket.hpp"

#include <atomic>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace load::tests {

/// The server's end of a connection. Every call blocks.
class Peer {
public:
    Peer(Descriptor socket, unsigned index) : socket_(std::move(socket)), index_(index) {}

    /// How many connections there were before this one.
    [[nodiscard]] unsigned index() const { return index_; }
    /// What has come, at least one byte; empty if the client has ended or broken the connection.
    std::string read(std::size_t most = 4096);
    /// So many bytes; fewer if that was the end.
    std::string read_exactly(std::size_t count);
    /// Up to the empty line behind a head, included; empty if that never came.
    std::string read_head();
    void write(std::string_view text);
    /// Ends with an RST.
    void break_off();
    /// Until the client ends the connection.
    void wait_for_end();
    /// Whether the client broke the connection (RST).
    [[nodiscard]] bool was_broken() const { return was_broken_; }

private:
    friend class Server;
    Descriptor socket_;
    unsigned index_;
    bool was_broken_ = false;
    std::string early_; ///< read behind a head
};

class Server {
public:
    using Serve = std::function<void(Peer&)>;

    explicit Server(Serve serve);
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;
    /// Ends all connections.
    ~Server();

    [[nodiscard]] std::uint16_t port() const { return port_; }
    [[nodiscard]] unsigned connections() const { return connections_; }

private:
    void accept();

    Serve serve_;
    std::uint16_t port_ = 0; ///< set by making listener_
    Descriptor listener_;
    std::atomic<unsigned> connections_ = 0;
    std::mutex guard_;
    std::vector<std::unique_ptr<Peer>> peers_; ///< guarded by guard_
    std::vector<std::jthread> threads_;        ///< of the thread that accepts
    std::jthread accepting_;
};

/// A right server for echo.
void echo(Peer& peer);
/// A right server for HTTP, which shows the same page whatever the path.
void http(Peer& peer);
/// A whole answer with a length.
std::string page(std::string_view body);

/// A port where nobody listens, as long as this lives.
class ClosedPort {
public:
    ClosedPort();
    [[nodiscard]] std::uint16_t port() const { return port_; }

private:
    std::uint16_t port_ = 0; ///< set by making socket_
    Descriptor socket_;
};

} // namespace load::tests
