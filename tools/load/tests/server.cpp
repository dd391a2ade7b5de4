// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// See server.hpp.
/// @stage{none}
#include "tools/load/tests/server.hpp"

#include <arpa/inet.h>
#include <cerrno>
#include <doctest/doctest.h>
#include <fmt/core.h>
#include <netinet/in.h>
#include <netinet/tcp.h>

namespace load::tests {

namespace {

/// A socket bound to a port of 127.0.0.1 that the system chose.
Descriptor bound(std::uint16_t& port) {
    Descriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    REQUIRE(socket);
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    REQUIRE(bind(socket.number(), generic, length) == 0);
    REQUIRE(getsockname(socket.number(), generic, &length) == 0);
    port = ntohs(address.sin_port);
    return socket;
}

} // namespace

std::string Peer::read(std::size_t most) {
    std::string text(most, '\0');
    const auto count = recv(socket_.number(), text.data(), text.size(), 0);
    was_broken_ = was_broken_ || (count < 0 && errno == ECONNRESET);
    text.resize(count < 0 ? 0 : static_cast<std::size_t>(count));
    return text;
}

std::string Peer::read_exactly(std::size_t count) {
    std::string text;
    while (text.size() < count) {
        const std::string more = read(count - text.size());
        if (more.empty())
            break;
        text += more;
    }
    return text;
}

std::string Peer::read_head() {
    std::size_t end = early_.find("\r\n\r\n");
    while (end == early_.npos) {
        const std::string more = read();
        if (more.empty())
            return {};
        early_ += more;
        end = early_.find("\r\n\r\n");
    }
    std::string head = early_.substr(0, end + 4);
    early_.erase(0, end + 4);
    return head;
}

void Peer::write(std::string_view text) {
    while (!text.empty()) {
        const auto count = send(socket_.number(), text.data(), text.size(), MSG_NOSIGNAL);
        if (count < 0)
            return;
        text.remove_prefix(static_cast<std::size_t>(count));
    }
}

void Peer::break_off() {
    break_at_close(socket_);
    socket_.close();
}

void Peer::wait_for_end() {
    while (!read().empty()) {
    }
}

Server::Server(Serve serve) : serve_(std::move(serve)), listener_(bound(port_)) {
    REQUIRE(listen(listener_.number(), 128) == 0);
    accepting_ = std::jthread([this] { accept(); });
}

Server::~Server() {
    shutdown(listener_.number(), SHUT_RDWR);
    accepting_.join();
    {
        const std::scoped_lock lock(guard_);
        for (const auto& peer : peers_)
            if (peer->socket_)
                shutdown(peer->socket_.number(), SHUT_RDWR);
    }
    threads_.clear();
}

void Server::accept() {
    for (;;) {
        Descriptor socket(::accept4(listener_.number(), nullptr, nullptr, SOCK_CLOEXEC));
        if (!socket)
            return;
        const int on = 1;
        setsockopt(socket.number(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        const std::scoped_lock lock(guard_);
        Peer& peer =
            *peers_.emplace_back(std::make_unique<Peer>(std::move(socket), connections_++));
        threads_.emplace_back([this, &peer] {
            serve_(peer);
            const std::scoped_lock closing(guard_);
            peer.socket_.close();
        });
    }
}

void echo(Peer& peer) {
    for (std::string text = peer.read(); !text.empty(); text = peer.read())
        peer.write(text);
}

std::string page(std::string_view body) {
    return fmt::format("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{}", body.size(), body);
}

void http(Peer& peer) {
    while (!peer.read_head().empty())
        peer.write(page("<p>a page</p>\n"));
}

ClosedPort::ClosedPort() : socket_(bound(port_)) {}

} // namespace load::tests
