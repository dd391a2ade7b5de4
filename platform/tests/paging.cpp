// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// User interrupts with Sv39 on: handlers are found through the page tables like all code of
/// U-mode, sender tables are not; U-mode reaches nothing but its own pages.
/// Every other program of this folder can run so too, with paging=sv39.

#include "platform/tests/lib/paging.hpp"
#include "platform/tests/lib/memory.hpp"
#include "platform/tests/lib/scene.hpp"
#include "platform/tests/lib/test.hpp"
#include "platform/tests/lib/trap.hpp"
#include "platform/tests/lib/uipi.hpp"

namespace {

uint64_t answer_42(uint64_t) { return 42; }
uint64_t load_from(uint64_t address) { return load(address); }

uint64_t send_to_oneself(uint64_t index) {
    uipi::send(index);
    await_user_traps(1);
    return user_hart().received;
}

void expect_load_page_fault(uint64_t address) {
    const Run run = run_user(load_from, address);
    expect_equal("traps in S", 1, run.traps.supervisor.count);
    expect_equal("scause", cause::load_page, run.traps.supervisor.first[0].cause);
    expect_equal("stval", address, run.traps.supervisor.first[0].value);
}

bool is_in_user_view(uint64_t address) {
    return address >= paging::user_base && paging::kernel_view(address) != address;
}

} // namespace

CASE(user_code_runs_at_its_own_addresses) {
    const paging::Scope scope;
    const Run run = run_user([](uint64_t) {
        uint64_t pc;
        asm volatile("auipc %0, 0" : "=r"(pc));
        return pc;
    });
    expect("pc in the user's view", is_in_user_view(run.value));
    expect_equal("traps", 0, run.traps.order);
}

CASE(user_interrupt_is_taken_in_user_pages) {
    const paging::Scope scope;
    let_user_take(usi);
    raise_software_bit();
    const Run run = run_user(answer_42);
    expect_equal("traps in U", 1, run.traps.user.count);
    expect_equal("all traps", 1, run.traps.order);
    expect_equal("uepc", paging::user_view(address_of(answer_42)), run.traps.user.first[0].pc);
    expect("utvec in the user's view", is_in_user_view(csr::read<csr::utvec>()));
}

CASE(sender_table_is_found_by_its_physical_address) {
    const paging::Scope scope;
    let_user_take(usi);
    own_receiver(0);
    use_table(table);
    table.set(4, sender_entry(0, 50));
    const Run run = run_user(send_to_oneself, 4);
    expect_equal("pending", bit(50), run.value);
    expect_equal("all traps", 1, run.traps.order);
}

CASE(sender_table_needs_no_page_of_the_user) {
    const paging::Scope scope;
    let_user_take(usi);
    own_receiver(0);
    use_table(table);
    table.set(4, sender_entry(0, 50));
    paging::set_user_page(&table, 0);
    const Run run = run_user(send_to_oneself, 4);
    expect_load_page_fault(paging::user_view(address_of(&table)));
    paging::set_user_page(&table, paging::page::all);
    expect_equal("pending", bit(50), run.value);
}

CASE(user_mode_cannot_reach_the_uintc) {
    const paging::Scope scope;
    expect_load_page_fault(board.uintc.receiver(0).address() + 0x10);
}

CASE(user_mode_cannot_reach_the_kernels_view) {
    const paging::Scope scope;
    expect_load_page_fault(address_of(&table));
}

CASE(handler_that_is_not_mapped_is_a_page_fault_of_the_supervisor) {
    const paging::Scope scope;
    constexpr uint64_t unmapped = paging::user_base - 4096;
    let_user_take(usi);
    csr::write<csr::ustatus>(status::uie);
    raise_software_bit();
    const Run run = run_user(answer_42, 0, {.vector = unmapped});
    const Trap& fault = run.traps.supervisor.first[0];
    expect_equal("traps in U", 0, run.traps.user.count);
    expect_equal("scause", cause::instruction_page, fault.cause);
    expect_equal("sepc", unmapped, fault.pc);
    expect_equal("stval", unmapped, fault.value);
    expect_equal("uepc", paging::user_view(address_of(answer_42)), csr::read<csr::uepc>());
    expect_equal("ustatus", status::upie, csr::read<csr::ustatus>());
}

CASE(handler_in_a_page_without_the_user_bit_is_a_page_fault) {
    const paging::Scope scope;
    let_user_take(usi);
    raise_software_bit();
    const uint64_t kernels = address_of(user_trap_entry);
    const Run run = run_user(answer_42, 0, {.vector = kernels});
    expect_equal("traps in U", 0, run.traps.user.count);
    expect_equal("scause", cause::instruction_page, run.traps.supervisor.first[0].cause);
    expect_equal("sepc", kernels, run.traps.supervisor.first[0].pc);
}

CASE(change_of_the_address_space_leaves_what_is_pending) {
    let_user_take(usi);
    own_receiver(0).send(7);
    {
        const paging::Scope scope;
        expect("with paging", usip());
    }
    const Run run = run_user(answer_42);
    expect_equal("traps in U", 1, run.traps.user.count);
    expect_equal("pending", bit(7), run.received);
}

void guest_main() { run_user_interrupt_cases(); }
