// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The bare environment's M-mode: its trap handler and the services it gives to S-mode.
/// A trap of S- or U-mode that arrives here was not delegated: it is noted and stepped over.
/// Read next: bare.S.

#include "platform/tests/lib/board.hpp"
#include "platform/tests/lib/csr.hpp"
#include "platform/tests/lib/environment.hpp"
#include "platform/tests/lib/memory.hpp"
#include "platform/tests/lib/trap.hpp"

extern "C" void machine_park();
extern "C" uint64_t in_machine_mode(environment::MachineFunction function, uint64_t argument);

namespace {

constexpr uint64_t step_over_ecall = 4;

void return_to(uint64_t privilege_bits) {
    csr::clear<csr::mstatus>(status::mpp);
    csr::set<csr::mstatus>(privilege_bits);
}

void serve(Frame& frame) {
    switch (frame.argument(7)) {
    case SERVICE_STAY:
        frame.pc() += step_over_ecall;
        return_to(status::mpp);
        break;
    case SERVICE_ENTER_USER:
        frame.pc() = csr::read<csr::sepc>();
        csr::set<csr::mie>(frame.argument(6));
        return_to(0);
        break;
    case SERVICE_STOP:
        frame.pc() = address_of(machine_park);
        return_to(status::mpp);
        break;
    default:
        frame.pc() += step_over_ecall;
    }
}

} // namespace

extern "C" void machine_trap(Hart& hart) {
    const uint64_t cause = csr::read<csr::mcause>();
    Frame& frame = hart.machine_frame;
    if (cause == cause::supervisor_ecall) {
        serve(frame);
        return;
    }
    note_trap(hart, hart.traps.machine, {cause, frame.pc(), csr::read<csr::mtval>(), 0});
    if ((cause & cause::interrupt) != 0)
        csr::clear<csr::mie>(bit(cause & 63));
    else
        step_over(frame, cause);
}

/// Called by a parked hart in M-mode: takes its software interrupt back.
extern "C" void acknowledge_start() { store(board.clint + 4 * this_hart().id, 0, Width::word); }

namespace environment {

constinit const bool has_machine_mode = true;

uint64_t call_in_machine_mode(MachineFunction function, uint64_t argument) {
    return in_machine_mode(function, argument);
}

void start_hart(Hart& hart) {
    asm volatile("fence w, o" : : : "memory");
    store(board.clint + 4 * hart.id, 1, Width::word);
}

void stop_hart() {
    asm volatile("li a7, %0\n\tecall" : : "i"(SERVICE_STOP) : "a7", "memory");
    __builtin_unreachable();
}

} // namespace environment
