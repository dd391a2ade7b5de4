// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Into and out of handlers: sret, mret and uret into a pending interrupt, what uret restores,
/// handlers interrupted by handlers, and S-mode traps in between, which cost a handler nothing.

#include "platform/tests/lib/memory.hpp"
#include "platform/tests/lib/paging.hpp"
#include "platform/tests/lib/scene.hpp"
#include "platform/tests/lib/test.hpp"
#include "platform/tests/lib/trap.hpp"
#include "platform/tests/lib/uipi.hpp"

namespace {

constexpr uint64_t both = status::uie | status::upie;

uint64_t answer_42(uint64_t) { return 42; }

/// Executes uret to the instruction behind it, with this ustatus; answers ustatus afterwards.
uint64_t status_after_uret(uint64_t before) {
    csr::write<csr::ustatus>(before);
    uint64_t scratch;
    asm volatile("la %0, 1f\n\tcsrw 0x041, %0\n\t.4byte 0x00200073\n1:"
                 : "=r"(scratch)
                 :
                 : "memory");
    return csr::read<csr::ustatus>();
}

/// Leaves the interrupt pending twice and serves it the third time.
void serve_the_third_time(Frame& frame, Hart& hart) {
    if (hart.traps.user.count == 3)
        serve_user_trap(frame, hart);
}

/// Leaves the interrupt pending, but interrupts off behind the coming uret.
void disable_behind_uret(Frame&, Hart&) { csr::clear<csr::ustatus>(status::upie); }

constinit uint64_t depth = 0;
constinit uint64_t deepest = 0;

/// Serves an external interrupt; during a software interrupt it lets another one in.
void nest(Frame& frame, Hart& hart) {
    depth = depth + 1;
    if (depth > deepest)
        deepest = depth;
    const uint64_t cause = csr::read<csr::ucause>();
    serve_user_trap(frame, hart);
    if (cause == cause::interrupt && deepest < 4) {
        csr::set<csr::ustatus>(status::uie);
        csr::set<csr::uip>(usi);
        linger();
        csr::clear<csr::ustatus>(status::uie);
    }
    depth = depth - 1;
}

/// In a software interrupt: enables external interrupts, one of which is pending.
void let_external_in(Frame& frame, Hart& hart) {
    const bool outer = csr::read<csr::ucause>() == cause::interrupt;
    serve_user_trap(frame, hart);
    if (!outer)
        return;
    csr::set<csr::uie>(uei);
    csr::set<csr::ustatus>(status::uie);
    await_user_traps(2);
    csr::clear<csr::ustatus>(status::uie);
}

constinit uint64_t seen_before_ecall = 0;
constinit uint64_t seen_after_ecall = 0;

/// Calls the supervisor in the middle of a handler.
void call_supervisor(Frame& frame, Hart& hart) {
    seen_before_ecall = csr::read<csr::ustatus>() | csr::read<csr::uepc>();
    asm volatile("ecall" : : : "memory");
    seen_after_ecall = csr::read<csr::ustatus>() | csr::read<csr::uepc>();
    serve_user_trap(frame, hart);
}

} // namespace

CASE(sret_into_a_pending_interrupt) {
    let_user_take(usi);
    raise_software_bit();
    const Run run = run_user(answer_42);
    expect_equal("traps in U", 1, run.traps.user.count);
    expect_equal("uepc", paging::user_view(address_of(answer_42)), run.traps.user.first[0].pc);
    expect_equal("the function ran afterwards", 42, run.value);
}

CASE(sret_into_a_receiver_with_pending_bits) {
    let_user_take(usi);
    own_receiver(0).add(bit(63) | bit(7));
    const Run run = run_user(answer_42);
    expect_equal("traps in U", 1, run.traps.user.count);
    expect_equal("uepc", paging::user_view(address_of(answer_42)), run.traps.user.first[0].pc);
    expect_equal("pending bits", bit(63) | bit(7), run.received);
}

CASE(mret_into_a_pending_interrupt, Needs::machine_mode) {
    let_user_take(usi);
    raise_software_bit();
    const Run run = run_user(answer_42, 0, {.by_mret = true});
    expect_equal("traps in U", 1, run.traps.user.count);
    expect_equal("uepc", paging::user_view(address_of(answer_42)), run.traps.user.first[0].pc);
    expect_equal("the function ran afterwards", 42, run.value);
}

CASE(uret_into_a_pending_interrupt) {
    let_user_take(usi);
    raise_software_bit();
    const Run run = run_user(answer_42, 0, {.handler = serve_the_third_time});
    expect_equal("traps in U", 3, run.traps.user.count);
    for (unsigned i = 0; i < 3; i++)
        expect_equal("uepc", paging::user_view(address_of(answer_42)), run.traps.user.first[i].pc);
    expect_equal("the function ran afterwards", 42, run.value);
}

CASE(uret_without_upie_leaves_interrupts_off) {
    let_user_take(usi);
    raise_software_bit();
    const Run run = run_user(answer_42, 0, {.handler = disable_behind_uret});
    expect_equal("traps in U", 1, run.traps.user.count);
    expect_equal("ustatus", status::upie, csr::read<csr::ustatus>());
    expect("still pending", usip());
}

CASE(uret_moves_upie_to_uie_and_sets_upie) {
    expect_equal("UPIE set", both, run_user(status_after_uret, status::upie).value);
    expect_equal("both set", both, run_user(status_after_uret, both).value);
    expect_equal("UPIE clear", status::upie, run_user(status_after_uret, status::uie).value);
    expect_equal("both clear", status::upie, run_user(status_after_uret, 0).value);
}

CASE(uret_goes_to_uepc) {
    const Run run = run_user([](uint64_t) {
        uint64_t value = 1;
        asm volatile("la t0, 1f\n\tcsrw 0x041, t0\n\t.4byte 0x00200073\n\tli %0, 2\n1:"
                     : "+r"(value)
                     :
                     : "t0", "memory");
        return value;
    });
    expect_equal("instruction behind uret", 1, run.value);
}

CASE(setting_uie_takes_what_was_pending) {
    delegate(usi);
    raise_software_bit();
    const Run run = run_user([](uint64_t) {
        linger();
        const uint64_t before = user_hart().traps.user.count;
        csr::set<csr::ustatus>(status::uie);
        await_user_traps(1);
        return before;
    });
    expect_equal("traps with UIE clear", 0, run.value);
    expect_equal("traps in U", 1, run.traps.user.count);
}

CASE(enabling_in_uie_takes_what_was_pending) {
    csr::write<csr::sideleg>(usi);
    csr::write<csr::ustatus>(status::uie);
    raise_software_bit();
    const Run run = run_user([](uint64_t) {
        linger();
        const uint64_t before = user_hart().traps.user.count;
        csr::set<csr::uie>(usi);
        await_user_traps(1);
        return before;
    });
    expect_equal("traps with USIE clear", 0, run.value);
    expect_equal("traps in U", 1, run.traps.user.count);
}

CASE(interrupt_that_arrives_in_supervisor_mode_waits_for_user_mode) {
    let_user_take(usi);
    csr::set<csr::sstatus>(status::sie);
    const Run before = run_supervisor([](uint64_t) {
        raise_software_bit();
        linger();
        return uint64_t{0};
    });
    expect_equal("traps in S", 0, before.traps.supervisor.count);
    expect_equal("traps in U", 1, run_user(answer_42).traps.user.count);
}

CASE(handler_with_uie_set_is_interrupted_by_another_source) {
    let_user_take(usi | uei);
    csr::clear<csr::uie>(uei);
    csr::set<csr::sip>(usi | uei);
    const Run run = run_user(answer_42, 0, {.handler = let_external_in});
    expect_equal("traps in U", 2, run.traps.user.count);
    expect_equal("first", cause::interrupt | 0, run.traps.user.first[0].cause);
    expect_equal("second", cause::interrupt | 8, run.traps.user.first[1].cause);
    expect_equal("the function ran afterwards", 42, run.value);
}

CASE(handlers_nest_and_return_in_order) {
    let_user_take(usi);
    depth = 0;
    deepest = 0;
    raise_software_bit();
    const Run run = run_user(answer_42, 0, {.handler = nest});
    expect_equal("deepest", 4, deepest);
    expect_equal("all have returned", 0, depth);
    expect_equal("traps in U", 4, run.traps.user.count);
    expect_equal("the function ran afterwards", 42, run.value);
    expect_equal("ustatus", both, csr::read<csr::ustatus>());
}

CASE(handler_with_uie_clear_is_not_interrupted) {
    let_user_take(usi | uei);
    csr::set<csr::sip>(usi | uei);
    const Run run = run_user(answer_42, 0, {.handler = [](Frame& frame, Hart& hart) {
                                 linger();
                                 serve_user_trap(frame, hart);
                             }});
    expect_equal("traps in U", 2, run.traps.user.count);
    const uint64_t start = paging::user_view(address_of(answer_42));
    expect_equal("first uepc", start, run.traps.user.first[0].pc);
    expect_equal("second uepc", start, run.traps.user.first[1].pc);
}

CASE(supervisor_trap_in_a_handler_leaves_its_state) {
    let_user_take(usi);
    raise_software_bit();
    const Run run = run_user(answer_42, 0, {.handler = call_supervisor});
    expect_equal("traps in S", 1, run.traps.supervisor.count);
    expect_equal("ustatus and uepc", seen_before_ecall, seen_after_ecall);
    expect_equal("the function ran afterwards", 42, run.value);
}

CASE(handler_left_by_ecall_keeps_uie_clear) {
    let_user_take(usi);
    raise_software_bit();
    run_user(answer_42, 0, {.handler = [](Frame&, Hart&) { user_exit(); }});
    expect_equal("ustatus", status::upie, csr::read<csr::ustatus>());
}

void guest_main() { run_user_interrupt_cases(); }
