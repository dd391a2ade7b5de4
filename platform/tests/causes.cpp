// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What a U handler finds: cause, pc and status at its entry, where utvec leads, and which of
/// several interrupts comes first.

#include "platform/tests/lib/memory.hpp"
#include "platform/tests/lib/paging.hpp"
#include "platform/tests/lib/scene.hpp"
#include "platform/tests/lib/test.hpp"
#include "platform/tests/lib/trap.hpp"
#include "platform/tests/lib/uipi.hpp"

namespace {

uint64_t stay(uint64_t) {
    linger();
    return 0;
}

void raise_external() { csr::set<csr::sip>(uei); }

void raise_timer() {
    environment::call_in_machine_mode([](uint64_t) {
        csr::set<csr::mip>(uti);
        return uint64_t{0};
    });
}

constinit uint64_t status_in_handler = 0;

void note_status(Frame& frame, Hart& hart) {
    status_in_handler = csr::read<csr::ustatus>();
    serve_user_trap(frame, hart);
}

/// Runs U-mode with the table of trap.S and mode 1, and answers the entry that was used.
uint64_t vector_used(Function function) {
    const uint64_t vectors = paging::user_view(address_of(user_vectors));
    run_user(function, 0, {.vector = vectors | 1});
    return this_hart().user_vector;
}

constexpr uint64_t no_vector = all_ones;

} // namespace

CASE(software_interrupt_has_cause_0) {
    let_user_take(usi);
    raise_software_bit();
    const Run run = run_user(stay);
    expect_equal("traps in U", 1, run.traps.user.count);
    expect_equal("ucause", cause::interrupt | 0, run.traps.user.first[0].cause);
    expect_equal("utval", 0, run.traps.user.first[0].value);
}

CASE(external_interrupt_has_cause_8) {
    let_user_take(uei);
    raise_external();
    const Run run = run_user(stay);
    expect_equal("traps in U", 1, run.traps.user.count);
    expect_equal("ucause", cause::interrupt | 8, run.traps.user.first[0].cause);
    expect_equal("utval", 0, run.traps.user.first[0].value);
}

CASE(timer_interrupt_has_cause_4, Needs::machine_mode) {
    let_user_take(uti);
    raise_timer();
    const Run run = run_user(stay);
    expect_equal("traps in U", 1, run.traps.user.count);
    expect_equal("ucause", cause::interrupt | 4, run.traps.user.first[0].cause);
    expect_equal("utval", 0, run.traps.user.first[0].value);
}

CASE(utval_of_an_earlier_trap_is_overwritten) {
    let_user_take(usi);
    csr::write<csr::utval>(all_ones);
    raise_software_bit();
    expect_equal("utval", 0, run_user(stay).traps.user.first[0].value);
}

CASE(trap_entry_saves_and_clears_uie) {
    let_user_take(usi);
    csr::clear<csr::ustatus>(status::upie);
    raise_software_bit();
    run_user(stay, 0, {.handler = note_status});
    expect_equal("ustatus in the handler", status::upie, status_in_handler);
}

CASE(trap_entry_leaves_the_supervisors_state) {
    let_user_take(usi);
    raise_software_bit();
    csr::write<csr::stval>(0x1234);
    const Run run = run_user(stay);
    expect_equal("traps in S", 0, run.traps.supervisor.count);
    expect_equal("scause is that of the last ecall", cause::user_ecall, csr::read<csr::scause>());
}

CASE(interrupt_that_user_mode_raises_itself_is_taken_at_once) {
    let_user_take(usi);
    const Run run = run_user([](uint64_t) {
        uint64_t next;
        asm volatile("la %0, 1f\n\tcsrsi 0x044, 1\n1:" : "=r"(next));
        await_user_traps(1);
        return next;
    });
    expect_equal("traps in U", 1, run.traps.user.count);
    expect_equal("uepc", run.value, run.traps.user.first[0].pc);
}

CASE(direct_utvec_leads_to_its_base) {
    let_user_take(usi | uei);
    raise_software_bit();
    raise_external();
    const Run run = run_user(stay);
    expect_equal("traps in U", 2, run.traps.user.count);
    expect_equal("entry of the vector table", no_vector, this_hart().user_vector);
}

CASE(vectored_utvec_leads_a_software_interrupt_to_entry_0) {
    let_user_take(usi);
    raise_software_bit();
    expect_equal("entry", 0, vector_used(stay));
}

CASE(vectored_utvec_leads_a_timer_interrupt_to_entry_4, Needs::machine_mode) {
    let_user_take(uti);
    raise_timer();
    expect_equal("entry", 4, vector_used(stay));
}

CASE(vectored_utvec_leads_an_external_interrupt_to_entry_8) {
    let_user_take(uei);
    raise_external();
    expect_equal("entry", 8, vector_used(stay));
}

CASE(vectored_utvec_leads_an_exception_to_its_base) {
    csr::write<csr::sedeleg>(bit(cause::breakpoint));
    expect_equal("entry", 0, vector_used([](uint64_t) {
                     asm volatile("ebreak");
                     return uint64_t{0};
                 }));
}

CASE(external_comes_before_software) {
    let_user_take(usi | uei);
    raise_software_bit();
    raise_external();
    const Run run = run_user(stay);
    expect_equal("traps in U", 2, run.traps.user.count);
    expect_equal("first", cause::interrupt | 8, run.traps.user.first[0].cause);
    expect_equal("second", cause::interrupt | 0, run.traps.user.first[1].cause);
}

CASE(external_comes_before_software_before_timer, Needs::machine_mode) {
    let_user_take(user_irqs);
    raise_timer();
    raise_software_bit();
    raise_external();
    const Run run = run_user(stay);
    expect_equal("traps in U", 3, run.traps.user.count);
    expect_equal("first", cause::interrupt | 8, run.traps.user.first[0].cause);
    expect_equal("second", cause::interrupt | 0, run.traps.user.first[1].cause);
    expect_equal("third", cause::interrupt | 4, run.traps.user.first[2].cause);
}

CASE(supervisor_comes_before_user) {
    constexpr uint64_t ssi = bit(irq::supervisor_software);
    let_user_take(uei);
    raise_external();
    csr::set<csr::sie>(ssi);
    csr::set<csr::sip>(ssi);
    const Run run = run_user(stay);
    expect_equal("traps in U", 1, run.traps.user.count);
    expect_equal("traps in S", 1, run.traps.supervisor.count);
    expect_equal("order of S", 1, run.traps.supervisor.first[0].order);
    expect_equal("order of U", 2, run.traps.user.first[0].order);
}

CASE(undelegated_user_interrupt_comes_before_a_delegated_one) {
    let_user_take(uei);
    csr::set<csr::sie>(usi);
    raise_external();
    raise_software_bit();
    const Run run = run_user(stay);
    expect_equal("traps in S", 1, run.traps.supervisor.count);
    expect_equal("scause", cause::interrupt | 0, run.traps.supervisor.first[0].cause);
    expect_equal("order of S", 1, run.traps.supervisor.first[0].order);
    expect_equal("order of U", 2, run.traps.user.first[0].order);
}

CASE(machine_comes_before_supervisor_before_user, Needs::machine_mode) {
    constexpr uint64_t ssi = bit(irq::supervisor_software);
    const uint64_t own_software_interrupt = board.clint + 4 * this_hart().id;
    let_user_take(usi);
    raise_software_bit();
    csr::set<csr::sie>(ssi);
    csr::set<csr::sip>(ssi);
    store(own_software_interrupt, 1, Width::word);
    const UserOptions options = {.by_mret = true, .machine_interrupts = bit(irq::machine_software)};
    const Run run = run_user(stay, 0, options);
    store(own_software_interrupt, 0, Width::word);
    expect_equal("order of M", 1, run.traps.machine.first[0].order);
    expect_equal("order of S", 2, run.traps.supervisor.first[0].order);
    expect_equal("order of U", 3, run.traps.user.first[0].order);
    expect_equal("all traps", 3, run.traps.order);
}

void guest_main() { run_user_interrupt_cases(); }
