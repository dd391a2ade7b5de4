// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// There is one hart, so nothing is asked of others; tests look on.
#include "kernel/sched/remote.hpp"

#include "labs/3-uintr/tests/host/remote.hpp"

namespace remote {

void serve() {}
void flush_page(vm::Space /*space*/, VAddr /*address*/) {}
void flush_space(vm::Space /*space*/) {}
void leave_space(vm::Space /*space*/) {}
void leave_pool(Asid /*first*/) {}

void stall(Tcb& tcb) {
    if (on_stall != nullptr)
        on_stall(tcb);
}

void settle_senders(PAddr table) {
    if (on_settle != nullptr)
        on_settle(table);
}

void send_interrupts() {}

} // namespace remote
