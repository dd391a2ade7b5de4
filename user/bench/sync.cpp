// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The root task of the synchronous benchmarks. Meant for a release build of PROFILE=sel4 for one
/// hart, on a machine that counts instructions: `make bench-sync`.
/// Read next: sync_call.cpp, tools/bench/sync.py.
/// @stage{none}
#include "user/bench/sync.hpp"

namespace {

/// Two readings of `cycle` in a row are one instruction apart, or nothing here makes sense.
bool counts_instructions() {
    bench::Trap trap = {};
    bench::timed_nothing(trap);
    return trap.instructions() == 0;
}

void measure_between(user::VSpace& space, const char* config) {
    bench::measure_calls(space, config);
    bench::measure_signals(space, config);
    bench::measure_faults(space, config);
}

} // namespace

int main() {
    if (!counts_instructions()) {
        println("missing everything: this machine does not count instructions");
        return 1;
    }
    user::VSpace* const other = bench::other_space();
    if (other == nullptr) {
        println("missing everything: a second address space cannot be made");
        return 1;
    }
    sel4::tcb_set_priority(abi::root_tcb, bench::own_priority);
    measure_between(*other, " spaces=2");
    measure_between(user::vspace, " spaces=1");
    bench::measure_yield();
    bench::measure_pages();
    bench::measure_retype();
    bench::measure_priority();
    bench::measure_interrupts();
    println("end of figures");
    return 0;
}
