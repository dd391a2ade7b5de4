// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The net server: drives a network card and speaks TCP/IP for all other programs.
///
///     card ──interrupt──> drive() ──frames──> lwIP ──> sockets ──> rings of clients
///                                              ^ keep_time()
///
/// While frames come it polls; when none is left it asks for an interrupt, which comes as a user
/// interrupt, and sleeps. Everything runs on one thread, so nothing is locked.
/// Read next: interface.hpp, sockets.hpp, client_end.hpp.
/// @stage{7}
#include "kernel/abi/invocation.hpp"
#include "kernel/lib/todo.hpp"
#include "runtime/signals.hpp"
#include "user/lib/async_server.hpp"
#include "user/lib/console.hpp"
#include "user/lib/program.hpp"
#include "user/netsrv/owner.hpp"
#include "user/netsrv/start.hpp"

#include <bit>

namespace {

// Most of it is for the card.
[[gnu::section(".note.rel4"), gnu::used]]
constexpr user::NeedsNote needs{
    {.memory = static_cast<uint32_t>(std::bit_ceil(netsrv::card_memory)), .peers = 256}};

using abi::CPtr;
using abi::Word;
using netsrv::interface;

alignas(64) constinit std::byte memory[64 * user::frame_bytes] = {};
constinit netsrv::SocketPool sockets;
constinit user::AsyncProcess* this_process = nullptr;

using Server = user::AsyncServer<netsrv::Owner, netsrv::Shared>;
alignas(64) constinit std::byte server_place[sizeof(Server)] = {};

// Your own helpers: begin
// Your own helpers: end

/// @lab{7.2} while frames come it polls, and others run in between; when none is left it asks for
/// an interrupt, looks once more, sleeps, and acknowledges to the card, and by `irq` to the kernel
/// (0: it takes that from the thread's parking)
rt::Task<> drive(rt::Frames /*frames*/, rt::Signals* signals, CPtr irq) {
    for (;;) {
        while (interface().poll()) {
            co_await rt::yield();
        }
        if (!interface().arm())
            continue;
        const auto badges = co_await signals->wait();
        if ((badges & netsrv::badge_of_card) == 0)
            continue;
        interface().acknowledge();
        if (irq != 0)
            sel4::invoke(irq, abi::IrqHandlerAck{});
    }
}

rt::Task<> keep_time(rt::Frames /*frames*/) {
    for (;;) {
        const Word milliseconds = netsrv::look_after_timers();
        co_await rt::sleep_until(machine::time() + user::ticks_of(milliseconds));
    }
}

netsrv::Shared::Work work() {
    const auto& counts = this_process->self().counts();
    return {counts.traps, counts.notifications};
}

} // namespace

int main() {
    user::AsyncProcess process(memory);
    this_process = &process;
    rt::Signals signals(process.self());
    const netsrv::CardInterrupt interrupt = netsrv::start_interface(user::own_notification);
    if (interrupt.handler == 0)
        return 1;
    const CPtr to_acknowledge = signals.expect(interrupt.signal) ? 0 : interrupt.handler;
    // An interrupt that came before that is acknowledged by nobody else.
    sel4::invoke(interrupt.handler, abi::IrqHandlerAck{});
    netsrv::Shared shared{sockets, interface(), work};
    Server& server = *new (server_place) Server(process, &shared);
    netsrv::ask_for_address();
    process.spawn(drive(process.pool(), &signals, to_acknowledge), 1);
    process.spawn(keep_time(process.pool()), 1);
    process.spawn(server.run(process.pool(), net::service));
    process.run([&] { return server.error() != user::broker::Error::none; });
    return static_cast<int>(server.error());
}
