// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// See sync_root.hpp.
/// @stage{none}
#include "user/root/sync_root.hpp"

#include "kernel/config.hpp"
#include "user/lib/boot_info.hpp"
#include "user/lib/sync_clients.hpp"
#include "user/root/card.hpp"

#include <algorithm>

namespace root {

using abi::CPtr;

constinit Programs all_programs;

namespace {

struct Service {
    std::string_view name;
    std::string_view server;
    CPtr endpoint = 0;
    CPtr gone = 0; ///< the notification that some client is
};

constinit Service services[] = {
    {"pingpong", "pingpong-server"}, {"memory", "memory-server"}, {"net", net_server}};
constinit CPtr slot_for_signal = 0;

bool give(user::Process& process, const Service& service, bool serves, unsigned index) {
    constexpr Word may_call = abi::Rights::write | abi::Rights::grant;
    if (!serves)
        return process.grant(service.name, service.endpoint, may_call,
                             user::badge_of_client(index));
    return process.grant(service.name, service.endpoint) &&
           process.grant(user::gone_clients, service.gone);
}

bool made(void*, unsigned index) {
    Program& program = all_programs.program(index);
    if (program.name == net_server && !(give_card(program.process) && give_clock(program.process)))
        return false;
    return index >= user::most_sync_clients ||
           std::ranges::all_of(services, [&](const Service& service) {
               return give(program.process, service, program.name == service.server, index);
           });
}

/// Its server, if it was one, has the signal for nobody.
void gone(void*, unsigned index) {
    if (index >= user::most_sync_clients)
        return;
    for (const Service& service : services) {
        if (sel4::cap_mint(service.gone, slot_for_signal, abi::Rights::write,
                           user::badge_of_gone_client(index)))
            sel4::signal(slot_for_signal);
        sel4::cap_delete(slot_for_signal);
    }
}

} // namespace

bool prepare() {
    const user::Process::Options options{.uart = user::uart_frame,
                                         .harts = config::smp ? user::boot_info().nodes : 1,
                                         .ticks_per_second = user::ticks_per_second(),
                                         .arguments = user::boot_arguments(),
                                         .seed = user::boot_seed()};
    if (!all_programs.create(options, {.made = made, .gone = gone}))
        return false;
    slot_for_signal = user::allocator.slot();
    return slot_for_signal != 0 && std::ranges::all_of(services, [](Service& service) {
               service.endpoint = user::allocator.make(abi::ObjectType::endpoint);
               service.gone = user::allocator.make(abi::ObjectType::notification);
               return service.endpoint != 0 && service.gone != 0;
           });
}

void wait_for_ends(unsigned left) {
    while (all_programs.running() > left)
        all_programs.take(all_programs.watch().wait());
}

} // namespace root
