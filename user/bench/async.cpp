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

int main() {
    const bench::Machine machine{user::boot_info().nodes,
                                 static_cast<unsigned>(user::boot_number("rounds=", 1))};
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
