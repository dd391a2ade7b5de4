// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The root task of PROFILE=sel4 for programs that call each other: as main.cpp, and each program
/// is given an endpoint for every service, by its name. The program NAME-server receives from that
/// of service NAME, all others call it.
/// Read next: user/root/main.cpp.
/// @stage{none}
#include "kernel/config.hpp"
#include "user/lib/boot_info.hpp"
#include "user/lib/console.hpp"
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
constinit Service services[] = {{"pingpong", "pingpong-server"}, {"memory", "memory-server"}};

bool made(void*, unsigned index) {
    constexpr abi::Word may_call = abi::Rights::write | abi::Rights::grant;
    root::Program& program = programs.program(index);
    bool granted = true;
    for (const Service& service : services) {
        const bool serves = program.name == service.server;
        granted = granted && program.process.grant(service.name, service.endpoint,
                                                   serves ? abi::Rights::read : may_call);
    }
    return granted;
}

} // namespace

int main() {
    for (Service& service : services)
        service.endpoint = user::allocator.make(abi::ObjectType::endpoint);
    const user::Process::Options options{.uart = user::uart_frame,
                                         .harts = config::smp ? user::boot_info().nodes : 1,
                                         .ticks_per_second = user::ticks_per_second()};
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
