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
#include "user/netsrv/client_end.hpp"
#include "user/netsrv/interface.hpp"

#include <lwip/dhcp.h>
#include <lwip/timeouts.h>

namespace {

// Its memory for the card is a page of 2 MiB.
[[gnu::section(".note.rel4"), gnu::used]]
constexpr user::NeedsNote needs{{.memory = 4 * 1024 * 1024, .peers = 256}};

using abi::CPtr;
using abi::Word;

constexpr Word badge_of_card = Word{1} << 62;
constexpr unsigned most_milliseconds = 250; ///< between two looks at the timers of the stack

alignas(64) constinit std::byte memory[64 * user::frame_bytes] = {};
constinit netsrv::SocketPool sockets;
alignas(64) constinit std::byte interface_place[sizeof(netsrv::Interface)] = {};
netsrv::Interface& interface() { return *reinterpret_cast<netsrv::Interface*>(interface_place); }

using Server = user::AsyncServer<netsrv::ClientEnd, netsrv::Shared>;
alignas(64) constinit std::byte server_place[sizeof(Server)] = {};

/// The card's registers, its interrupt, and memory for it.
struct Card {
    Word registers = 0;
    CPtr irq = 0;
    virtio::DmaArea area;
};

bool find_card(Card& card) {
    const CPtr frame = user::granted("net-card");
    card.irq = user::granted("net-irq");
    const CPtr area = user::allocator.make(abi::ObjectType::mega_page);
    if (frame == 0 || card.irq == 0 || area == 0)
        return false;
    card.registers = user::vspace.map_somewhere(frame);
    const Word address = user::vspace.map_somewhere(area, abi::mega_page_bits);
    const auto paddr = sel4::page_get_address(area);
    card.area = {reinterpret_cast<std::byte*>(address), paddr.words[0],
                 Word{1} << abi::mega_page_bits};
    return card.registers != 0 && address != 0 && paddr;
}

/// The card's interrupt signals this thread.
bool attach_interrupt(CPtr irq) {
    const CPtr badged = user::allocator.slot();
    return badged != 0 &&
           sel4::cap_mint(user::own_notification, badged, abi::Rights::write, badge_of_card) &&
           sel4::invoke(irq, abi::IrqHandlerSetNotification{}, badged);
}

// Your own helpers: begin
// Your own helpers: end

/// @lab{7.2} while frames come it polls, and others run in between; when none is left it asks for
/// an interrupt, looks once more, sleeps, and acknowledges to the card and to the kernel
rt::Task<> drive(rt::Frames /*frames*/, rt::Signals* signals, CPtr irq) {
    for (;;) {
        while (interface().poll()) {
            co_await rt::yield();
        }
        if (!interface().arm())
            continue;
        const auto badges = co_await signals->wait();
        if ((badges & badge_of_card) == 0)
            continue;
        interface().acknowledge();
        sel4::invoke(irq, abi::IrqHandlerAck{});
    }
}

Word ticks_of(Word milliseconds) {
    return milliseconds * user::start_block().ticks_per_second / 1000;
}

rt::Task<> keep_time(rt::Frames /*frames*/) {
    for (;;) {
        sys_check_timeouts();
        interface().publish();
        const Word milliseconds = std::min<Word>(sys_timeouts_sleeptime(), most_milliseconds);
        co_await rt::sleep_until(machine::time() + ticks_of(milliseconds));
    }
}

void say_address(netif* card) {
    const uint32_t address = lwip_ntohl(ip4_addr_get_u32(netif_ip4_addr(card)));
    if (address != 0)
        println("net: ", address >> 24, ".", address >> 16 & 0xff, ".", address >> 8 & 0xff, ".",
                address & 0xff);
}

} // namespace

extern "C" u32_t sys_now() {
    return static_cast<u32_t>(machine::time() / (user::start_block().ticks_per_second / 1000));
}

extern "C" unsigned netsrv_random() {
    static constinit Word state = 0;
    state = state * 6364136223846793005 + machine::time();
    return static_cast<unsigned>(state >> 33);
}

extern "C" void netsrv_assert(const char* text, const char* file, int line) {
    println("net: ", text, " (", file, ":", static_cast<unsigned>(line), ")");
    user::exit(1);
}

int main() {
    Card card;
    if (!find_card(card) ||
        !(new (&interface()) netsrv::Interface)->start(card.registers, card.area)) {
        println("net: there is no network card");
        return 1;
    }
    user::AsyncProcess process(memory);
    netsrv::Shared shared{sockets, interface(), process.self()};
    rt::Signals signals(process.self());
    Server& server = *new (server_place) Server(process, &shared);
    if (!attach_interrupt(card.irq)) {
        println("net: the card's interrupt cannot be had");
        return 1;
    }
    netif& stack = interface().stack();
    netif_set_status_callback(&stack, say_address);
    dhcp_start(&stack);
    process.spawn(drive(process.pool(), &signals, card.irq), 1);
    process.spawn(keep_time(process.pool()), 1);
    process.spawn(server.run(process.pool(), net::service));
    process.run([&] { return server.error() != user::broker::Error::none; });
    return static_cast<int>(server.error());
}
