// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// See sync_server.hpp.
/// @stage{none}
#include "user/tcpsrv/sync_server.hpp"

#include "user/lib/console.hpp"
#include "user/lib/machine.hpp"
#include "user/lib/start_block.hpp"

namespace tcpsrv {

namespace {

constinit Word free_slots = 0;
constinit Word free_bytes = 0;

} // namespace

constinit Server* servers[ports * most_connections] = {};

bool Server::listen(net::Line& line, uint16_t number, Port& port, Serve serve) {
    const net::Answer listener = line.call(net::Request::listen, number, backlog, patience);
    port = {listener.handle, user::allocator.make(abi::ObjectType::notification), serve};
    if (!listener || port.turn == 0) {
        println("tcpsrv: port ", number, ": ", net::text(listener.error));
        return false;
    }
    println("tcpsrv: listening on port ", number);
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
    rt::Executor executor(pool_);
    for (;;) {
        sel4::wait(port_->turn);
        const net::Answer made = line.call(net::Request::accept, port_->listener, 0, 0);
        sel4::signal(port_->turn);
        turns_++;
        if (!made)
            continue;
        connection_.handle = made.handle;
        open_ = true;
        executor.spawn(port_->serve(pool_, this, &connection_), 1);
        executor.run_until_idle(); // until the conversation is over
    }
}

void Server::close(Connection& connection) {
    connection.conversation.reset();
    open_ = false;
}

void Server::begin(std::span<const Port> all) {
    free_slots = user::allocator.free_slots();
    free_bytes = user::allocator.free_bytes();
    for (const Port& port : all)
        sel4::signal(port.turn);
}

/// Others go on counting meanwhile.
const Figures& Server::measure(const net::Counters& counters) {
    shown_ = {.system = figures.system,
              .milliseconds = machine::time() / user::ticks_of(1),
              .free_slots = free_slots,
              .free_bytes = free_bytes,
              .net = counters};
    for (const Server* server : servers) {
        if (server == nullptr)
            continue;
        shown_.connections += server->open_ ? 1 : 0;
        shown_.echoes += server->figures.echoes;
        shown_.pages += server->figures.pages;
        shown_.calls += server->figures.calls;
        shown_.in_flight += server->line.waits() ? 1 : 0;
        shown_.traps += server->line.traps() + 2 * server->turns_; // to wait for one, and to signal
        shown_.notifications += server->turns_;
        shown_.frames += server->pool_.used();
    }
    return shown_;
}

} // namespace tcpsrv
