// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The TCP server as a program of PROFILE=sel4: as main.cpp, with threads.
/// @stage{none}
#include "user/lib/console.hpp"
#include "user/lib/needs.hpp"
#include "user/lib/program.hpp"
#include "user/lib/start_block.hpp"
#include "user/tcpsrv/conversations.hpp"

namespace {

using namespace tcpsrv;

// For each thread its stack, its message buffer, its page, and what the objects take.
[[gnu::section(".note.rel4"), gnu::used]]
constexpr user::NeedsNote needs{{.memory = 32 * 1024 * 1024, .slots = 16 * 1024}};

alignas(64) constinit std::byte places[ports * most_connections][sizeof(Server)] = {};
constinit Port all_ports[ports] = {};

bool start(abi::CPtr service, const Port& port, unsigned first) {
    // Less important than this thread, which makes them, and than the net server.
    const abi::Word priority = user::start_block().priority - 1;
    for (unsigned i = first; i < first + most_connections; i++) {
        servers[i] = new (places[i]) Server;
        if (!servers[i]->start(service, port, priority, user::start_block().hart))
            return false;
    }
    return true;
}

} // namespace

int main() {
    const abi::CPtr service = user::granted(net::service);
    net::Line line;
    if (!line.open(service)) {
        println("tcpsrv: there is no net server");
        return 1;
    }
    auto& [echoes, pages] = all_ports;
    if (!Server::listen(line, echo_port, echoes, echo) ||
        !Server::listen(line, http_port, pages, serve_pages))
        return 1;
    if (!start(service, echoes, 0) || !start(service, pages, most_connections)) {
        println("tcpsrv: there is no room for so many threads");
        return 1;
    }
    Server::begin(all_ports);
    for (;;)
        sel4::tcb_suspend(abi::root_tcb);
}
