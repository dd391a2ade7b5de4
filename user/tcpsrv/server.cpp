// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// See server.hpp.
/// @stage{7}
#include "user/tcpsrv/server.hpp"

#include "kernel/lib/todo.hpp"
#include "user/lib/console.hpp"
#include "user/lib/machine.hpp"

#include <string.h>

namespace tcpsrv {

namespace {

constexpr Word backlog = 128;
/// How long to wait before looking again for what is used up.
constexpr Word wait_milliseconds = 10;

Word ticks_of(Word milliseconds) {
    return milliseconds * user::start_block().ticks_per_second / 1000;
}

} // namespace

// Your own helpers: begin
// Your own helpers: end

/// @lab{7.5} a coroutine for each connection to a port; while there is no room for one, those that
/// come wait in the net server
rt::Task<> Server::listen(rt::Frames frames, uint16_t port, Serve serve) {
    const auto listener = co_await net_.listen(port, backlog);
    if (!listener) {
        println("tcpsrv: port ", port, ": ", net::text(listener.error));
        co_return;
    }
    println("tcpsrv: listening on port ", port);
    for (;;) {
        while (free_count_ == 0 && fresh_ == most_connections) {
            co_await rt::sleep_until(machine::time() + ticks_of(wait_milliseconds));
        }
        const auto made = co_await net_.accept(listener.handle);
        if (!made)
            break;
        Connection& connection = *open(made.handle);
        while (!process_.spawn(serve(frames, this, &connection))) {
            co_await rt::sleep_until(machine::time() + ticks_of(wait_milliseconds));
        }
    }
    println("tcpsrv: the net server is gone");
}

Connection* Server::open(Word handle) {
    Connection& connection = free_count_ != 0 ? *free_[--free_count_] : connections_[fresh_++];
    connection.handle = handle;
    open_++;
    return &connection;
}

void Server::close(Connection& connection) {
    connection.conversation.reset();
    free_[free_count_++] = &connection;
    open_--;
}

/// @lab{7.4} sends back what it receives, until the other end sends no more
rt::Task<> Server::echo(rt::Frames /*frames*/, Server* server, Connection* connection) {
    net::Packet& packet = connection->packet;
    auto got = co_await server->net_.receive(connection->handle, packet);
    while (got && got.bytes != 0) {
        server->figures_.echoes++;
        server->figures_.calls++;
        const auto next = co_await server->net_.exchange(connection->handle, packet, got.bytes);
        got = next;
    }
    const auto closed = co_await server->net_.close(connection->handle);
    static_cast<void>(closed);
    server->close(*connection);
}

rt::Task<> Server::http(rt::Frames frames, Server* server, Connection* connection) {
    http::Conversation& conversation = connection->conversation;
    bool open = true;
    while (open) {
        const auto got = co_await server->net_.receive(connection->handle, connection->packet);
        server->figures_.calls++;
        if (!got || got.bytes == 0)
            break;
        conversation.take(connection->packet.text(got.bytes));
        while (open) {
            const auto counted = co_await server->net_.count(server->figures_.net);
            static_cast<void>(counted);
            server->measure();
            const auto answer = conversation.next(server->site_.shown());
            if (!answer)
                break;
            server->figures_.pages++;
            const auto head = co_await server->send(frames, connection, answer->head);
            open = head && *head == net::Error::none && !answer->last;
            const auto body = co_await server->send(frames, connection, answer->body);
            open = open && body && *body == net::Error::none;
        }
    }
    const auto closed = co_await server->net_.close(connection->handle);
    static_cast<void>(closed);
    server->close(*connection);
}

/// In pieces that fit a packet.
rt::Task<net::Error> Server::send(rt::Frames /*frames*/, Connection* connection,
                                  std::string_view text) {
    net::Error error = net::Error::none;
    while (!text.empty() && error == net::Error::none) {
        const std::string_view piece = text.substr(0, net::most_data);
        text.remove_prefix(piece.size());
        memcpy(connection->packet.data(), piece.data(), piece.size());
        figures_.calls++;
        const auto sent = co_await net_.send(connection->handle, connection->packet, piece.size());
        error = sent.error;
    }
    co_return error;
}

void Server::measure() {
    figures_.milliseconds = machine::time() / ticks_of(1);
    figures_.connections = open_;
    figures_.in_flight = net_.client().owed() / abi::line_bytes;
    figures_.traps = process_.counts().traps;
    figures_.notifications = process_.counts().notifications;
}

} // namespace tcpsrv
