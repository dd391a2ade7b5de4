// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Exceptions and sedeleg. Each exception that U-mode can raise is raised three times: delegated
/// to nobody (S takes it), delegated to U (U takes it and finds what S found), and with every
/// other one delegated (S takes it again). Firmware keeps some for its M-mode (medeleg); those
/// cannot be delegated further and reach S through it.

#include "platform/tests/lib/memory.hpp"
#include "platform/tests/lib/paging.hpp"
#include "platform/tests/lib/scene.hpp"
#include "platform/tests/lib/test.hpp"
#include "platform/tests/lib/trap.hpp"

namespace {

constexpr uint64_t nowhere = uint64_t{1} << 40; // no device and no memory
constexpr uint32_t illegal_instruction = 0xC000'1073;

struct alignas(4096) Page {
    uint64_t word[512];
};
constinit Page page = {};

uint64_t raise_illegal(uint64_t) {
    asm volatile(".4byte %0" : : "i"(illegal_instruction));
    return 0;
}
uint64_t raise_breakpoint(uint64_t) {
    asm volatile("ebreak");
    return 0;
}
uint64_t raise_ecall(uint64_t) {
    asm volatile("ecall" : : : "memory");
    return 0;
}
uint64_t raise_load(uint64_t address) { return load(address); }
uint64_t raise_store(uint64_t address) {
    store(address, 0);
    return 0;
}
/// QEMU's harts carry out misaligned loads and stores, but not misaligned atomics.
uint64_t raise_load_reserved(uint64_t address) {
    uint64_t value = 0;
    asm volatile("lr.d %0, (%1)" : "+r"(value) : "r"(address) : "memory");
    return value;
}
uint64_t raise_atomic(uint64_t address) {
    asm volatile("amoadd.d zero, zero, (%0)" : : "r"(address) : "memory");
    return 0;
}
/// A jump whose target cannot be fetched; the handlers return from it.
uint64_t raise_fetch(uint64_t address) {
    asm volatile("jalr ra, 0(%0)" : : "r"(address) : "ra", "memory");
    return 0;
}

uint64_t answer_42(uint64_t) { return 42; }

/// Raises a breakpoint in the middle of serving an interrupt, whose cause that overwrites.
void break_in_interrupt(Frame& frame, Hart& hart) {
    const uint64_t cause = csr::read<csr::ucause>();
    if (cause == cause::interrupt)
        asm volatile("ebreak" : : : "memory");
    csr::write<csr::ucause>(cause);
    serve_user_trap(frame, hart);
}

struct Exception {
    uint64_t cause;
    Function raise;
    uint64_t argument;
    uint64_t value; // utval
};

Run raise_with(uint64_t delegated, const Exception& exception) {
    csr::write<csr::sedeleg>(delegated);
    return run_user(exception.raise, exception.argument);
}

void expect_taken_by_supervisor(const Exception& exception, const Run& run) {
    expect_equal("traps in U", 0, run.traps.user.count);
    expect_equal("traps in S", 1, run.traps.supervisor.count);
    expect_equal("scause", exception.cause, run.traps.supervisor.first[0].cause);
    expect_equal("stval", exception.value, run.traps.supervisor.first[0].value);
}

void expect_taken_by_user(const Exception& exception, const Run& run, uint64_t pc) {
    expect_equal("traps in U", 1, run.traps.user.count);
    expect_equal("traps in S", 0, run.traps.supervisor.count);
    expect_equal("ucause", exception.cause, run.traps.user.first[0].cause);
    expect_equal("utval", exception.value, run.traps.user.first[0].value);
    expect_equal("uepc", pc, run.traps.user.first[0].pc);
}

void check(const Exception& exception) {
    const Run undelegated = raise_with(0, exception);
    concerning("nothing delegated");
    expect_taken_by_supervisor(exception, undelegated);

    csr::write<csr::sedeleg>(bit(exception.cause));
    const bool possible = csr::read<csr::sedeleg>() != 0;
    const Run delegated = raise_with(bit(exception.cause), exception);
    concerning("delegated");
    if (possible)
        expect_taken_by_user(exception, delegated, undelegated.traps.supervisor.first[0].pc);
    else
        expect_taken_by_supervisor(exception, delegated);
    if (environment::has_machine_mode)
        expect("delegation is possible", possible);

    // ecall stays with S-mode in any case: without it a U function could not end.
    concerning("every other one delegated");
    expect_taken_by_supervisor(
        exception, raise_with(~(bit(exception.cause) | bit(cause::user_ecall)), exception));
}

uint64_t page_in_user_view() { return paging::user_view(address_of(&page)); }

/// The same with Sv39 on and the page's entry in the user's view changed.
void check_page(uint64_t cause, Function raise, uint64_t page_bits) {
    const paging::Scope scope;
    paging::set_user_page(&page, page_bits);
    check({cause, raise, page_in_user_view(), page_in_user_view()});
    paging::set_user_page(&page, paging::page::all);
}

constexpr uint64_t without(uint64_t bits) { return paging::page::all & ~bits; }

} // namespace

CASE(illegal_instruction_2) { check({cause::illegal, raise_illegal, 0, illegal_instruction}); }

CASE(breakpoint_3) { check({cause::breakpoint, raise_breakpoint, 0, 0}); }

CASE(load_address_misaligned_4) {
    const uint64_t address = paging::user_view(address_of(&page)) + 1;
    check({cause::load_misaligned, raise_load_reserved, address, address});
}

/// QEMU reports a misaligned atomic as a load unless harts run in parallel.
CASE(atomic_address_misaligned_6_or_4) {
    const uint64_t address = paging::user_view(address_of(&page)) + 1;
    const uint64_t seen = run_user(raise_atomic, address).traps.supervisor.first[0].cause;
    const bool as_load = seen == cause::load_misaligned;
    check({as_load ? seen : cause::store_misaligned, raise_atomic, address, address});
}

CASE(environment_call_8) { check({cause::user_ecall, raise_ecall, 0, 0}); }

CASE(instruction_access_fault_1, Needs::no_paging) {
    check({cause::instruction_access, raise_fetch, nowhere, nowhere});
}

CASE(load_access_fault_5, Needs::no_paging) {
    check({cause::load_access, raise_load, nowhere, nowhere});
}

CASE(store_access_fault_7, Needs::no_paging) {
    check({cause::store_access, raise_store, nowhere, nowhere});
}

CASE(instruction_page_fault_12) {
    check_page(cause::instruction_page, raise_fetch, without(paging::page::execute));
}

CASE(load_page_fault_13) { check_page(cause::load_page, raise_load, without(paging::page::valid)); }

CASE(store_page_fault_15) {
    check_page(cause::store_page, raise_store, without(paging::page::write));
}

CASE(page_without_the_user_bit_faults_in_user_mode) {
    check_page(cause::load_page, raise_load, without(paging::page::user));
}

CASE(exceptions_do_not_ask_for_uie) {
    csr::write<csr::sedeleg>(bit(cause::breakpoint));
    csr::write<csr::ustatus>(0);
    const Run run = run_user(raise_breakpoint);
    expect_equal("traps in U", 1, run.traps.user.count);
    expect_equal("ustatus behind uret", status::upie, csr::read<csr::ustatus>());
}

CASE(exception_saves_and_clears_uie) {
    static constinit uint64_t seen = 0;
    csr::write<csr::sedeleg>(bit(cause::breakpoint));
    csr::write<csr::ustatus>(status::uie);
    run_user(raise_breakpoint, 0, {.handler = [](Frame& frame, Hart& hart) {
                 seen = csr::read<csr::ustatus>();
                 serve_user_trap(frame, hart);
             }});
    expect_equal("ustatus in the handler", status::upie, seen);
}

CASE(exception_in_supervisor_mode_ignores_sedeleg) {
    csr::write<csr::sedeleg>(bit(cause::breakpoint));
    const Run run = run_supervisor(raise_breakpoint);
    expect_equal("traps in U", 0, run.traps.user.count);
    expect_equal("traps in S", 1, run.traps.supervisor.count);
    expect_equal("scause", cause::breakpoint, run.traps.supervisor.first[0].cause);
}

CASE(exception_in_a_handler_is_a_nested_trap) {
    csr::write<csr::sedeleg>(bit(cause::breakpoint));
    let_user_take(usi);
    raise_software_bit();
    const Run run = run_user(answer_42, 0, {.handler = break_in_interrupt});
    expect_equal("traps in U", 2, run.traps.user.count);
    expect_equal("second cause", cause::breakpoint, run.traps.user.first[1].cause);
    expect_equal("the function ran afterwards", 42, run.value);
}

CASE(exception_that_medeleg_keeps_goes_to_machine_mode, Needs::machine_mode) {
    csr::write<csr::sedeleg>(bit(cause::breakpoint));
    environment::call_in_machine_mode(
        [](uint64_t bits) {
            csr::clear<csr::medeleg>(bits);
            return uint64_t{0};
        },
        bit(cause::breakpoint));
    const Run run = run_user(raise_breakpoint);
    environment::call_in_machine_mode(
        [](uint64_t bits) {
            csr::set<csr::medeleg>(bits);
            return uint64_t{0};
        },
        bit(cause::breakpoint));
    expect_equal("traps in U", 0, run.traps.user.count);
    expect_equal("traps in S", 0, run.traps.supervisor.count);
    expect_equal("traps in M", 1, run.traps.machine.count);
}

void guest_main() { run_user_interrupt_cases(); }
