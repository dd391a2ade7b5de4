// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A TCP server as a program: port 7 sends back what it gets, port 80 shows the system's counters.
/// @stage{7}
#include "user/lib/console.hpp"
#include "user/lib/program.hpp"
#include "user/tcpsrv/conversations.hpp"

namespace {

/// Two for each connection, which may have one that sends.
alignas(
    64) constinit std::byte memory[(2 * tcpsrv::most_connections + 16) * user::frame_bytes] = {};
alignas(64) constinit std::byte server_place[sizeof(tcpsrv::Server)] = {};

rt::Task<> start(rt::Frames frames, user::AsyncProcess* process) {
    const user::ConnectOptions options{.lines = {.requests = 256, .replies = 512}};
    const auto connected = co_await process->broker().connect(net::service, options);
    if (!connected) {
        println("tcpsrv: there is no net server");
        co_return;
    }
    using tcpsrv::Server;
    Server& server = *new (server_place) Server(*process, net::Net(*connected.client));
    process->spawn(server.listen(frames, tcpsrv::echo_port, tcpsrv::echo));
    process->spawn(server.listen(frames, tcpsrv::http_port, tcpsrv::serve_pages));
}

} // namespace

int main() {
    user::AsyncProcess process(memory);
    process.spawn(start(process.pool(), &process));
    process.run([] { return false; });
    return 0;
}
