// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// See conversations.hpp.
/// @stage{7}
#include "user/tcpsrv/conversations.hpp"

#include "kernel/lib/todo.hpp"

#include <string.h>

namespace tcpsrv {

// Your own helpers: begin
// Your own helpers: end

/// @lab{7.4} sends back what it receives, until the other end sends no more
rt::Task<> echo(rt::Frames /*frames*/, Server* server, Connection* connection) {
    net::Packet& packet = *connection->packet;
    server->figures.calls++;
    auto got = co_await server->net.receive(connection->handle, packet);
    while (got && got.bytes != 0) {
        server->figures.echoes++;
        server->figures.calls++;
        const auto next = co_await server->net.exchange(connection->handle, packet, got.bytes);
        got = next;
    }
    const auto closed = co_await server->net.close(connection->handle);
    static_cast<void>(closed);
    server->close(*connection);
}

namespace {

/// In pieces that fit a packet.
rt::Task<net::Error> send(rt::Frames /*frames*/, Server* server, Connection* connection,
                          std::string_view text) {
    net::Error error = net::Error::none;
    while (!text.empty() && error == net::Error::none) {
        const std::string_view piece = text.substr(0, net::most_data);
        text.remove_prefix(piece.size());
        memcpy(connection->packet->data(), piece.data(), piece.size());
        server->figures.calls++;
        const auto sent =
            co_await server->net.send(connection->handle, *connection->packet, piece.size());
        error = sent.error;
    }
    co_return error;
}

} // namespace

rt::Task<> serve_pages(rt::Frames frames, Server* server, Connection* connection) {
    http::Conversation& conversation = connection->conversation;
    bool open = true;
    while (open) {
        const auto got = co_await server->net.receive(connection->handle, *connection->packet);
        server->figures.calls++;
        if (!got || got.bytes == 0)
            break;
        conversation.take(connection->packet->text(got.bytes));
        net::Counters counters = {};
        const auto counted = co_await server->net.count(counters);
        static_cast<void>(counted);
        while (open) {
            const auto answer =
                conversation.next(connection->site.shown(server->measure(counters)));
            if (!answer)
                break;
            server->figures.pages++;
            const auto head = co_await send(frames, server, connection, answer->head);
            open = head && *head == net::Error::none && !answer->last;
            const auto body = co_await send(frames, server, connection, answer->body);
            open = open && body && *body == net::Error::none;
        }
    }
    const auto closed = co_await server->net.close(connection->handle);
    static_cast<void>(closed);
    server->close(*connection);
}

} // namespace tcpsrv
