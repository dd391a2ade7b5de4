// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// User interrupts do not exist for the guest of a hypervisor (V=1, H extension): their registers
/// and instructions are refused there and nothing is delivered to a U handler. Outside they go on
/// as if the guest had not been there.

#include "platform/tests/lib/scene.hpp"
#include "platform/tests/lib/test.hpp"
#include "platform/tests/lib/uipi.hpp"

namespace {

constexpr uint64_t virtualization = bit(7); // hstatus.SPV: sret goes to a guest

/// Runs a function in the U-mode of a guest.
Run run_guest_user(Function function, uint64_t argument = 0) {
    csr::set<csr::hstatus>(virtualization);
    const Run run = run_user(function, argument);
    csr::clear<csr::hstatus>(virtualization);
    return run;
}

template <unsigned number>
uint64_t read(uint64_t) {
    return csr::read<number>();
}

constexpr Function registers[] = {
    read<csr::ustatus>, read<csr::uie>,    read<csr::utvec>, read<csr::uscratch>,
    read<csr::uepc>,    read<csr::ucause>, read<csr::utval>, read<csr::uip>,
};

uint64_t send(uint64_t index) {
    uipi::send(index);
    return 0;
}

uint64_t execute_uret(uint64_t) {
    asm volatile(".4byte 0x00200073" : : : "memory");
    return 0;
}

uint64_t stay(uint64_t) {
    linger();
    return 42;
}

void expect_refused(const Run& run) {
    const uint64_t cause = run.traps.supervisor.first[0].cause;
    expect_equal("traps in S", 1, run.traps.supervisor.count);
    expect("illegal or virtual instruction",
           cause == cause::illegal || cause == cause::virtual_instruction);
}

} // namespace

CASE(guest_can_be_entered_and_left, Needs::hypervisor, Needs::no_paging) {
    const Run run = run_guest_user(stay);
    expect_equal("traps", 0, run.traps.order);
    expect_equal("value", 42, run.value);
}

CASE(registers_are_refused_in_a_guest, Needs::hypervisor, Needs::no_paging) {
    for (const Function reg : registers)
        expect_refused(run_guest_user(reg));
}

CASE(instructions_are_refused_in_a_guest, Needs::hypervisor, Needs::no_paging) {
    own_receiver(0);
    table.set(0, sender_entry(0, 1));
    use_table(table);
    expect_refused(run_guest_user(send));
    expect_refused(run_guest_user([](uint64_t) { return uipi::read(); }));
    expect_refused(run_guest_user(execute_uret));
    expect_equal("pending", 0, uipi::read());
}

CASE(guest_is_not_interrupted, Needs::hypervisor, Needs::no_paging) {
    let_user_take(usi);
    own_receiver(0).send(1);
    const Run run = run_guest_user(stay);
    expect_equal("traps", 0, run.traps.order);
    expect_equal("value", 42, run.value);
}

CASE(interrupt_waits_until_the_guest_has_been_left, Needs::hypervisor, Needs::no_paging) {
    let_user_take(usi);
    own_receiver(0).send(1);
    run_guest_user(stay);
    csr::set<csr::sie>(usi);
    csr::set<csr::ustatus>(status::uie);
    const Run run = run_user(stay);
    expect_equal("traps in U", 1, run.traps.user.count);
    expect_equal("pending", bit(1), run.received);
}

CASE(exception_of_a_guest_ignores_sedeleg, Needs::hypervisor, Needs::no_paging) {
    csr::write<csr::sedeleg>(bit(cause::breakpoint));
    const Run run = run_guest_user([](uint64_t) {
        asm volatile("ebreak");
        return uint64_t{0};
    });
    expect_equal("traps in U", 0, run.traps.user.count);
    expect_equal("traps in S", 1, run.traps.supervisor.count);
}

void guest_main() { run_user_interrupt_cases(); }
