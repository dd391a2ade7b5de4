// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A TCP server: sends back what it gets. A coroutine serves a connection.
/// @stage{7}
#include "user/lib/async_process.hpp"
#include "user/lib/console.hpp"
#include "user/lib/program.hpp"
#include "user/net/net.hpp"

namespace {

using abi::Word;

constexpr unsigned most_connections = 300;
constexpr Word backlog = 64;
constexpr uint16_t echo_port = 7;

alignas(64) constinit std::byte memory[(2 * most_connections + 32) * user::frame_bytes] = {};
constinit net::Packet packets[most_connections] = {};

struct Server {
    user::AsyncProcess& process;
    net::Net net;
    unsigned free[most_connections] = {};
    unsigned free_count = 0;
    Word requests = 0;
};

rt::Task<> echo(rt::Frames /*frames*/, Server* server, Word handle, unsigned index) {
    net::Packet& packet = packets[index];
    auto got = co_await server->net.receive(handle, packet);
    while (got && got.bytes != 0) {
        server->requests++;
        const auto next = co_await server->net.exchange(handle, packet, got.bytes);
        got = next;
    }
    println("tcpsrv: ", handle, " ends: ", got.handle, " ", net::text(got.error), " ", got.bytes);
    const auto closed = co_await server->net.close(handle);
    static_cast<void>(closed);
    server->free[server->free_count++] = index;
}

rt::Task<> listen(rt::Frames frames, user::AsyncProcess* process) {
    const user::ConnectOptions options{.lines = {.requests = 256, .replies = 512}};
    const auto connected = co_await process->broker().connect(net::service, options);
    if (!connected) {
        println("tcpsrv: there is no net server");
        co_return;
    }
    static Server server{*process, net::Net(*connected.client)};
    for (unsigned i = 0; i < most_connections; i++)
        server.free[server.free_count++] = i;
    const auto listener = co_await server.net.listen(echo_port, backlog);
    println("tcpsrv: listening: ", net::text(listener.error));
    for (;;) {
        const auto made = co_await server.net.accept(listener.handle);
        if (!made) {
            println("tcpsrv: accept ", made.handle);
            break;
        }
        const unsigned index = server.free[--server.free_count];
        process->spawn(echo(frames, &server, made.handle, index));
    }
}

} // namespace

int main() {
    user::AsyncProcess process(memory);
    process.spawn(listen(process.pool(), &process));
    process.run([] { return false; });
    return 0;
}
