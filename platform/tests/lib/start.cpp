// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// From the first instruction in C++ to guest_main, and the jobs of the other harts.
/// Read next: board.hpp, environment.hpp.

#include "platform/tests/lib/board.hpp"
#include "platform/tests/lib/clock.hpp"
#include "platform/tests/lib/console.hpp"
#include "platform/tests/lib/csr.hpp"
#include "platform/tests/lib/environment.hpp"
#include "platform/tests/lib/hart.hpp"
#include "platform/tests/lib/memory.hpp"
#include "platform/tests/lib/paging.hpp"
#include "platform/tests/lib/trap.hpp"

constinit HartSlot harts[MAX_HARTS] = {};

namespace {

struct alignas(16) Stacks {
    uint8_t supervisor[16 * 1024];
    uint8_t supervisor_trap[4 * 1024];
    uint8_t machine_trap[4 * 1024];
    uint8_t user[8 * 1024];
};
constinit Stacks stacks[MAX_HARTS] = {};

template <size_t size>
uint64_t top_of(const uint8_t (&stack)[size]) {
    return address_of(stack) + size;
}

void prepare_traps(Hart& hart) {
    csr::write<csr::sscratch>(address_of(&hart));
    csr::write<csr::stvec>(address_of(supervisor_trap_entry));
    csr::write<csr::scounteren>(7);
    csr::write<csr::sie>(0);
}

} // namespace

/// Runs before .bss may be used for anything else; answers the device tree it was given.
extern "C" const void* prepare_harts(uint64_t, const void* device_tree) {
    for (unsigned id = 0; id < MAX_HARTS; id++) {
        Hart& hart = harts[id].hart;
        hart.id = id;
        hart.stack = top_of(stacks[id].supervisor);
        hart.supervisor_trap_stack = top_of(stacks[id].supervisor_trap);
        hart.machine_trap_stack = top_of(stacks[id].machine_trap);
        hart.user_stack = top_of(stacks[id].user);
    }
    return device_tree;
}

extern "C" [[noreturn]] void start_first_hart(const void* device_tree) {
    prepare_traps(this_hart());
    board.read(DeviceTree{device_tree});
    if (board.argument_is("paging", "sv39"))
        paging::on();
    guest_main();
    environment::stop_hart();
}

extern "C" [[noreturn]] void start_other_hart() {
    Hart& hart = this_hart();
    prepare_traps(hart);
    if (paging::is_on())
        paging::on();
    hart.job(hart.job_argument);
    __atomic_store_n(&hart.busy, 0, __ATOMIC_RELEASE);
    environment::stop_hart();
}

void start_hart(uint64_t id, Job job, uint64_t argument) {
    Hart& hart = harts[id].hart;
    hart.job = job;
    hart.job_argument = argument;
    __atomic_store_n(&hart.busy, 1, __ATOMIC_RELEASE);
    environment::start_hart(hart);
}

bool wait_for_hart(uint64_t id) {
    return wait_until(
        [id] { return __atomic_load_n(&harts[id].hart.busy, __ATOMIC_ACQUIRE) == 0; });
}
