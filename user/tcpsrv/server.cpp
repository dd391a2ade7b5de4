// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// See server.hpp.
/// @stage{7}
#include "user/tcpsrv/server.hpp"

#include "kernel/lib/todo.hpp"
#include "user/lib/console.hpp"
#include "user/lib/machine.hpp"
#include "user/lib/program.hpp"

namespace tcpsrv {

namespace {

/// How long to wait before looking again for what is used up.
constexpr Word wait_milliseconds = 10;

} // namespace

// Your own helpers: begin
// Your own helpers: end

/// @lab{7.5} a coroutine for each connection to a port; while there is no room for one, those that
/// come wait in the net server. Listeners of other ports take places, too
rt::Task<> Server::listen(rt::Frames frames, uint16_t port, Serve serve) {
    const auto listener = co_await net.listen(port, backlog, patience);
    if (!listener) {
        println("tcpsrv: port ", port, ": ", net::text(listener.error));
        co_return;
    }
    println("tcpsrv: listening on port ", port);
    const auto is_full = [this] { return free_count_ == 0 && fresh_ == most_connections; };
    for (;;) {
        while (is_full()) {
            co_await rt::sleep_until(machine::time() + user::ticks_of(wait_milliseconds));
        }
        const auto made = co_await net.accept(listener.handle);
        if (!made)
            break;
        while (is_full()) { // another port's listener has taken the last place meanwhile
            co_await rt::sleep_until(machine::time() + user::ticks_of(wait_milliseconds));
        }
        Connection& connection = *open(made.handle);
        while (!process_.spawn(serve(frames, this, &connection))) {
            co_await rt::sleep_until(machine::time() + user::ticks_of(wait_milliseconds));
        }
    }
    println("tcpsrv: the net server is gone");
}

Connection* Server::open(Word handle) {
    Connection& connection = free_count_ != 0 ? *free_[--free_count_] : connections_[fresh_++];
    connection.handle = handle;
    connection.packet = &packets_[&connection - connections_];
    open_++;
    return &connection;
}

void Server::close(Connection& connection) {
    connection.conversation.reset();
    free_[free_count_++] = &connection;
    open_--;
}

const Figures& Server::measure(const net::Counters& counters) {
    figures.milliseconds = machine::time() / user::ticks_of(1);
    figures.connections = open_;
    figures.in_flight = net.in_flight();
    figures.traps = process_.counts().traps;
    figures.notifications = process_.counts().notifications;
    figures.frames = process_.pool().used();
    figures.free_slots = user::allocator.free_slots();
    figures.free_bytes = user::allocator.free_bytes();
    figures.net = counters;
    return figures;
}

} // namespace tcpsrv
