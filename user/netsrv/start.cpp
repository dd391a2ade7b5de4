// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// See start.hpp; and what lwIP needs of its surroundings (port/).
/// @stage{7}
#include "user/netsrv/start.hpp"

#include "kernel/abi/invocation.hpp"
#include "user/lib/console.hpp"
#include "user/lib/machine.hpp"
#include "user/lib/program.hpp"
#include "user/lib/start_block.hpp"
#include "user/netsrv/address.hpp"

#include <algorithm>
#include <lwip/dhcp.h>
#include <lwip/timeouts.h>

namespace netsrv {

using abi::CPtr;

namespace {

alignas(64) constinit std::byte interface_place[sizeof(Interface)] = {};

/// The card's registers, and memory for it.
struct Card {
    Word registers = 0;
    virtio::DmaArea area;
};

/// Large pages in a row. An allocator that gives of its smallest pieces first, and of each the
/// first half, makes them so, unless some were given back.
bool make_area(virtio::DmaArea& area) {
    constexpr Word page = Word{1} << abi::mega_page_bits;
    const Word address = user::vspace.reserve(card_memory, page);
    area = {reinterpret_cast<std::byte*>(address), 0, card_memory};
    for (Word at = 0; at < card_memory; at += page) {
        const CPtr frame = user::allocator.make(abi::ObjectType::mega_page);
        if (address == 0 || frame == 0 || !user::vspace.map(frame, address + at))
            return false;
        const auto paddr = sel4::page_get_address(frame);
        if (at == 0)
            area.paddr = paddr.words[0];
        if (!paddr || paddr.words[0] != area.paddr + at)
            return false;
    }
    return true;
}

bool find_card(Card& card) {
    const CPtr frame = user::granted("net-card");
    if (frame == 0 || !make_area(card.area))
        return false;
    card.registers = user::vspace.map_somewhere(frame);
    return card.registers != 0;
}

void say_address(netif* card) {
    const uint32_t address = lwip_ntohl(ip4_addr_get_u32(netif_ip4_addr(card)));
    if (address != 0)
        println("net: ", address >> 24, ".", address >> 16 & 0xff, ".", address >> 8 & 0xff, ".",
                address & 0xff);
}

/// Milliseconds after which whoever waits for an address should know why there is none.
constexpr u32_t patience_with_dhcp = 10'000;

void say_if_none(void* card) {
    if (ip4_addr_isany(netif_ip4_addr(static_cast<netif*>(card))))
        println("net: nobody gives this machine an address; remedy: a DHCP server, or "
                "net=ADDRESS/BITS,GATEWAY on its command line");
}

} // namespace

Interface& interface() { return *reinterpret_cast<Interface*>(interface_place); }

CPtr attach_interrupt(CPtr handler, CPtr notification, Word badge) {
    const CPtr signal = user::allocator.slot();
    const bool attached = signal != 0 &&
                          sel4::cap_mint(notification, signal, abi::Rights::write, badge) &&
                          sel4::invoke(handler, abi::IrqHandlerSetNotification{}, signal);
    return attached ? signal : 0;
}

CardInterrupt start_interface(CPtr notification) {
    const CPtr handler = user::granted("net-irq");
    Card card;
    if (handler == 0 || !find_card(card) ||
        !(new (interface_place) Interface)->start(card.registers, card.area)) {
        println("net: there is no network card");
        return {};
    }
    const CPtr signal = attach_interrupt(handler, notification, badge_of_card);
    if (signal == 0) {
        println("net: the card's interrupt cannot be had");
        return {};
    }
    return {handler, signal};
}

void ask_for_address() {
    netif& stack = interface().stack();
    netif_set_status_callback(&stack, say_address);
    const std::string_view text = address_in(user::start_block().arguments);
    const auto fixed = parse_address(text);
    if (fixed) {
        const ip4_addr_t address{lwip_htonl(fixed->address)};
        const ip4_addr_t mask{lwip_htonl(fixed->mask)};
        const ip4_addr_t gateway{lwip_htonl(fixed->gateway)};
        netif_set_addr(&stack, &address, &mask, &gateway);
        return;
    }
    if (!text.empty())
        println("net: '", text,
                "' is no address; remedy: as in net=10.0.2.15/24,10.0.2.2, or nothing, "
                "to ask for one");
    dhcp_start(&stack);
    sys_timeout(patience_with_dhcp, say_if_none, &stack);
}

Word look_after_timers() {
    constexpr Word most_milliseconds = 250;
    interface().tidy_up();
    sys_check_timeouts();
    interface().refresh();
    interface().publish();
    return std::min<Word>(sys_timeouts_sleeptime(), most_milliseconds);
}

} // namespace netsrv

extern "C" u32_t sys_now() { return static_cast<u32_t>(machine::time() / user::ticks_of(1)); }

extern "C" unsigned netsrv_random() {
    static constinit abi::Word drawn = 0;
    return static_cast<unsigned>(user::siphash(user::start_block().secret, {drawn++}));
}

extern "C" unsigned netsrv_first_number(const ip4_addr* local, u16_t local_port,
                                        const ip4_addr* remote, u16_t remote_port) {
    const abi::Word addresses = abi::Word{local->addr} << 32 | remote->addr;
    const abi::Word ports = abi::Word{local_port} << 16 | remote_port;
    const abi::Word clock = machine::time() / (user::start_block().ticks_per_second / 250'000);
    return static_cast<unsigned>(user::siphash(user::start_block().secret, {addresses, ports}) +
                                 clock);
}

extern "C" void netsrv_assert(const char* text, const char* file, int line) {
    println("net: ", text, " (", file, ":", static_cast<unsigned>(line), ")");
    user::exit(1);
}
