// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The environment under firmware: harts are started and stopped by SBI's hart state management.
/// Read next: sbi.S.

#include "platform/tests/lib/environment.hpp"
#include "platform/tests/lib/memory.hpp"

extern "C" void sbi_entry();

namespace {

constexpr uint64_t hart_state_management = 0x48534D;
constexpr uint64_t hart_start = 0;
constexpr uint64_t hart_stop = 1;

/// SBI error code, 0: success.
int64_t call_sbi(uint64_t function, uint64_t first, uint64_t second, uint64_t third) {
    register uint64_t a0 asm("a0") = first;
    register uint64_t a1 asm("a1") = second;
    register uint64_t a2 asm("a2") = third;
    register uint64_t a6 asm("a6") = function;
    register uint64_t a7 asm("a7") = hart_state_management;
    asm volatile("ecall" : "+r"(a0), "+r"(a1) : "r"(a2), "r"(a6), "r"(a7) : "memory");
    return static_cast<int64_t>(a0);
}

} // namespace

namespace environment {

constinit const bool has_machine_mode = false;

uint64_t call_in_machine_mode(MachineFunction, uint64_t) { return 0; }

void start_hart(Hart& hart) {
    // While the hart is still coming to rest after its last job the firmware answers an error.
    while (call_sbi(hart_start, hart.id, address_of(sbi_entry), 0) != 0) {
    }
}

void stop_hart() {
    call_sbi(hart_stop, 0, 0, 0);
    for (;;) {
    }
}

} // namespace environment
