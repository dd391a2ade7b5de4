// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Trap handlers of S- and U-mode in C++. The one of M-mode is in bare.cpp.
/// Always holds: the handlers themselves never trap, and those of U-mode use nothing but the
/// stack and the Hart they are given.
/// Read next: trap.S.

#include "platform/tests/lib/trap.hpp"

#include "platform/tests/lib/csr.hpp"
#include "platform/tests/lib/memory.hpp"
#include "platform/tests/lib/paging.hpp"
#include "platform/tests/lib/uipi.hpp"

namespace {

/// An interrupt that nothing stops comes this often before the handler disables it.
constexpr uint64_t flood = 64;

bool is_jump_to_nowhere(uint64_t cause) {
    return cause == cause::instruction_access || cause == cause::instruction_page;
}

uint64_t instruction_length(uint64_t address) {
    return (load(address, Width::half) & 3) == 3 ? 4 : 2;
}

bool is_user_exit(uint64_t pc, uint64_t cause) {
    return pc >= address_of(user_exit) && pc < address_of(user_exit_end) &&
           (cause == cause::user_ecall || cause == cause::breakpoint || cause == cause::illegal);
}

void serve_user_interrupt(Hart& hart, uint64_t number) {
    if (number != irq::user_software || hart.traps.user.count > flood) {
        csr::clear<csr::uie>(bit(number));
        return;
    }
    hart.received |= uipi::read_before_loads();
    csr::clear<csr::uip>(usi);
}

} // namespace

void note_trap(Hart& hart, TrapLog& log, Trap trap) {
    trap.order = ++hart.traps.order;
    if (log.count < TrapLog::capacity)
        log.first[log.count] = trap;
    log.count++;
}

void step_over(Frame& frame, uint64_t cause) {
    if (is_jump_to_nowhere(cause))
        frame.pc() = frame.return_address();
    else
        frame.pc() += instruction_length(paging::kernel_view(frame.pc()));
}

void serve_user_trap(Frame& frame, Hart& hart) {
    const uint64_t cause = csr::read<csr::ucause>();
    if ((cause & cause::interrupt) != 0)
        serve_user_interrupt(hart, cause & ~cause::interrupt);
    else if (is_jump_to_nowhere(cause))
        frame.pc() = frame.return_address();
    else
        frame.pc() += instruction_length(frame.pc());
}

/// Runs in U-mode, at the user's view of the code.
extern "C" void user_trap(Frame& frame, Hart& hart) {
    const uint64_t cause = csr::read<csr::ucause>();
    if (is_user_exit(frame.pc(), cause)) {
        frame.pc() += instruction_length(frame.pc());
        return;
    }
    note_trap(hart, hart.traps.user, {cause, frame.pc(), csr::read<csr::utval>(), 0});
    const UserHandler handler = hart.user_handler;
    if (handler != nullptr)
        handler(frame, hart);
    else
        serve_user_trap(frame, hart);
}

/// Answers whether a U function has ended.
extern "C" bool supervisor_trap(Hart& hart) {
    const uint64_t cause = csr::read<csr::scause>();
    Frame& frame = hart.supervisor_frame;
    const bool from_user = (csr::read<csr::sstatus>() & status::spp) == 0;
    if (from_user && is_user_exit(paging::kernel_view(frame.pc()), cause))
        return true;
    note_trap(hart, hart.traps.supervisor, {cause, frame.pc(), csr::read<csr::stval>(), 0});
    if ((cause & cause::interrupt) != 0)
        csr::clear<csr::sie>(bit(cause & 63));
    else
        step_over(frame, cause);
    return false;
}
