// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The root task of PROFILE=sel4 for programs that call each other: as main.cpp, and each program
/// is given an endpoint for every service, by its name. One program receives from it, and can make
/// capabilities to it for its clients; all others call it.
/// Read next: user/root/main.cpp.
/// @stage{none}
#include "kernel/config.hpp"
#include "user/lib/boot_info.hpp"
#include "user/lib/console.hpp"
#include "user/root/card.hpp"
#include "user/root/programs.hpp"

extern "C" const uint8_t archive_start[];
extern "C" const uint8_t archive_end[];

namespace {

struct Service {
    std::string_view name;
    std::string_view server;
    abi::CPtr endpoint = 0;
};

constinit root::Programs programs;
constinit Service services[] = {
    {"pingpong", "pingpong-server"}, {"memory", "memory-server"}, {"net", root::net_server}};
/// Clients are told apart by this and their number.
constexpr abi::Word badge_of_client = abi::Word{1} << 32;

bool made(void*, unsigned index) {
    constexpr abi::Word may_call = abi::Rights::write | abi::Rights::grant;
    root::Program& program = programs.program(index);
    bool granted = program.name != root::net_server ||
                   (root::give_card(program.process) && root::give_clock(program.process));
    for (const Service& service : services) {
        const bool serves = program.name == service.server;
        granted = granted && program.process.grant(service.name, service.endpoint,
                                                   serves ? abi::Rights::all_rights : may_call,
                                                   serves ? 0 : badge_of_client + index);
    }
    return granted;
}

} // namespace

int main() {
    for (Service& service : services)
        service.endpoint = user::allocator.make(abi::ObjectType::endpoint);
    const user::Process::Options options{.uart = user::uart_frame,
                                         .harts = config::smp ? user::boot_info().nodes : 1,
                                         .ticks_per_second = user::ticks_per_second(),
                                         .arguments = user::boot_arguments(),
                                         .seed = user::boot_seed()};
    if (!programs.create(options, {.made = made}))
        return 1;
    root::Archive archive({archive_start, archive_end});
    for (root::File file; archive.next(file);)
        programs.start(file);
    while (programs.running() > 0)
        programs.take(programs.watch().wait());
    println("root: all programs have ended");
    return static_cast<int>(programs.exit_code());
}
