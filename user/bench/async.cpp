// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The root task of the asynchronous benchmarks: `make bench-async`. Meant for release builds; for
/// one hart on a machine that counts instructions, for several on one that does not. The machine's
/// command line says how often everything is done: `rounds=15`.
/// Read next: async_ipc.cpp, async_map.cpp, tools/bench/async.py.
/// @stage{none}
#include "user/bench/async.hpp"
#include "user/bench/async_thread.hpp"
#include "user/lib/boot_info.hpp"
#include "user/lib/program.hpp"

namespace {

/// The number behind `rounds=`; 1 if there is none.
unsigned rounds() {
    constexpr std::string_view key = "rounds=";
    std::string_view rest = user::boot_arguments();
    while (!rest.empty() && !rest.starts_with(key))
        rest.remove_prefix(1);
    rest.remove_prefix(std::min(rest.size(), key.size()));
    unsigned number = 0;
    for (; !rest.empty() && rest[0] >= '0' && rest[0] <= '9'; rest.remove_prefix(1))
        number = number * 10 + static_cast<unsigned>(rest[0] - '0');
    return number == 0 ? 1 : number;
}

} // namespace

int main() {
    const bench::Machine machine{user::boot_info().nodes, rounds()};
    if (bench::user_interrupts() == nullptr) {
        println("missing everything: this machine has no user interrupts");
        return 1;
    }
    if (!bench::measure_ipc(machine))
        bench::complain("async.ipc", "something cannot be made");
    if (!bench::measure_map(machine))
        bench::complain("async.mapunmap", "something cannot be made");
    if (!machine.several() && !bench::measure_interrupt())
        bench::complain("uintr.send_to_handler", "something cannot be made");
    println("end of figures");
    return 0;
}
