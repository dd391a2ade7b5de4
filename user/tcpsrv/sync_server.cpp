// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// See sync_server.hpp.
/// @stage{none}
#include "user/tcpsrv/sync_server.hpp"

#include "user/lib/console.hpp"
#include "user/lib/machine.hpp"
#include "user/lib/start_block.hpp"

namespace tcpsrv {

constinit Server* servers[ports * most_connections] = {};

bool Server::listen(net::Line& line, uint16_t number, Port& port, Serve serve) {
    const net::Answer listener = line.call(net::Request::listen, number, backlog, patience);
    port = {listener.handle, user::allocator.make(abi::ObjectType::notification), serve};
    if (!listener || port.turn == 0) {
        println("tcpsrv: port ", number, ": ", net::text(listener.error));
        return false;
    }
    println("tcpsrv: listening on port ", number);
    sel4::signal(port.turn);
    return true;
}

bool Server::start(abi::CPtr service, const Port& port, Word priority, Word hart) {
    port_ = &port;
    if (!line.open(service) || !thread_.create(user::allocator, user::vspace, priority) ||
        (hart != 0 && !sel4::invoke(thread_.tcb(), abi::TcbSetAffinity{hart})))
        return false;
    connection_.packet = &line.packet();
    thread_.start(run, reinterpret_cast<Word>(this));
    return true;
}

void Server::run(Word self) { reinterpret_cast<Server*>(self)->serve(); }

void Server::serve() {
    rt::FramePool pool(frames_, frame_bytes);
    rt::Executor executor(pool);
    for (;;) {
        sel4::wait(port_->turn);
        const net::Answer made = line.call(net::Request::accept, port_->listener, 0, 0);
        sel4::signal(port_->turn);
        if (!made)
            continue;
        connection_.handle = made.handle;
        open_ = true;
        executor.spawn(port_->serve(pool, this, &connection_), 1);
        executor.run_until_idle(); // until the conversation is over
    }
}

void Server::close(Connection& connection) {
    connection.conversation.reset();
    open_ = false;
}

/// Others go on counting meanwhile.
const Figures& Server::measure(const net::Counters& counters) {
    shown_ = {.system = figures.system,
              .milliseconds = machine::time() / user::ticks_of(1),
              .net = counters};
    for (const Server* server : servers) {
        if (server == nullptr)
            continue;
        shown_.connections += server->open_ ? 1 : 0;
        shown_.echoes += server->figures.echoes;
        shown_.pages += server->figures.pages;
        shown_.calls += server->figures.calls;
        shown_.traps += server->line.traps();
    }
    return shown_;
}

} // namespace tcpsrv
