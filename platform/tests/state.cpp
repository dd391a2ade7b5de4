// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// For migration: every hart and receiver gets a state of its own, then the first hart prints
/// `info ready` and calls migration_point, where the host stops the machine, saves it and goes
/// on in another process. Afterwards everything must be as it was, and what was pending arrives.
/// seconds=N: spend so much of the machine's time at that point, default 0.

#include "platform/tests/lib/atomic.hpp"
#include "platform/tests/lib/clock.hpp"
#include "platform/tests/lib/console.hpp"
#include "platform/tests/lib/scene.hpp"
#include "platform/tests/lib/test.hpp"

/// The host's debugger stops here.
extern "C" [[gnu::noinline]] void migration_point() { asm volatile("" : : : "memory"); }

namespace {

constexpr const char* register_names[] = {
    "ustatus", "uie", "utvec",   "uscratch", "uepc",  "ucause", "utval",
    "uip",     "sie", "sedeleg", "sideleg",  "suist", "suirs",  "sip",
};
constexpr unsigned register_count = sizeof register_names / sizeof *register_names;

struct Registers {
    uint64_t value[register_count];
};

struct HartState {
    Registers before;
    Registers after;
    Run run; ///< U-mode afterwards, with the interrupt that was pending
};
constinit HartState states[MAX_HARTS] = {};
constinit uint64_t prepared = 0;
constinit bool moved = false;

struct ReceiverState {
    uint64_t low;
    uint64_t pending;
};
constinit ReceiverState receivers_after[512] = {};
constinit uint64_t map_before = 0;
constinit uint64_t map_after = 0;
constinit uint64_t claimed = 0;
constinit uint64_t utip_after = 0;

Registers read_registers() {
    using csr::read;
    return {{read<csr::ustatus>(), read<csr::uie>(), read<csr::utvec>(), read<csr::uscratch>(),
             read<csr::uepc>(), read<csr::ucause>(), read<csr::utval>(), read<csr::uip>(),
             read<csr::sie>(), read<csr::sedeleg>(), read<csr::sideleg>(), read<csr::suist>(),
             read<csr::suirs>(), read<csr::sip>() & user_irqs}};
}

/// Registers that hold something else on every hart; a software interrupt pending and masked.
void fill_registers(uint64_t id) {
    csr::write<csr::sedeleg>(bit(cause::breakpoint) | bit(cause::load_page));
    csr::write<csr::sideleg>(usi | uei);
    csr::write<csr::uie>(id % 2 == 0 ? usi : usi | uei);
    csr::write<csr::utvec>(0x1000 * (id + 1) | 1);
    csr::write<csr::uscratch>(0x0123'4567'89AB'CDEF + id);
    csr::write<csr::uepc>(0x2000 * (id + 1));
    csr::write<csr::ucause>(cause::interrupt | irq::user_external);
    csr::write<csr::utval>(~id);
    csr::write<csr::ustatus>(id % 2 == 0 ? status::upie : 0);
    csr::write<csr::suist>(table.suist(id + 1));
    csr::write<csr::suirs>(suirs::enable | id);
    csr::set<csr::sip>(id % 2 == 0 ? uei : usi);
}

uint64_t low_of(uint64_t receiver) {
    if (receiver < MAX_HARTS)
        return low::active | low::mode | low::hart(receiver);
    const uint64_t wake = board.uintc.has_wake() && receiver % 16 == 15 ? low::wake : 0;
    return wake | (receiver % 2) * low::mode | low::hart(receiver * 7);
}

uint64_t pending_of(uint64_t receiver) {
    return receiver % 3 == 2 ? 0 : bit(receiver % 64) | bit(63);
}

void fill_receivers() {
    for (uint64_t i = 0; i < board.uintc.receivers; i++) {
        board.uintc.receiver(i).write_low(low_of(i));
        board.uintc.receiver(i).add(pending_of(i));
    }
}

/// What the hart has left to find, once its state has been read.
void let_interrupts_arrive(HartState& state) {
    csr::write<csr::uie>(usi);
    csr::set<csr::ustatus>(status::uie);
    state.run = run_user([](uint64_t) {
        linger();
        return uint64_t{42};
    });
}

void hart_job(uint64_t) {
    const uint64_t id = this_hart().id;
    fill_registers(id);
    states[id].before = read_registers();
    fetch_add(prepared, 1);
    while (!acquire(moved)) {
    }
    states[id].after = read_registers();
    let_interrupts_arrive(states[id]);
}

uint64_t set_utip(uint64_t) {
    csr::set<csr::mip>(uti);
    return 0;
}

uint64_t read_utip(uint64_t) { return csr::read<csr::mip>() & uti; }

void fill_machine() {
    reset_user_interrupts();
    fill_receivers();
    if (environment::has_machine_mode)
        environment::call_in_machine_mode(set_utip);
    board.plic.enable_only(this_hart().id, board.uintc.wake_source);
    map_before = board.uintc.has_wake() ? board.uintc.map() : 0;
    for (uint64_t i = 1; i < board.hart_count; i++)
        start_hart(board.hart_after_this(i), hart_job);
    (void)wait_until([] { return acquire(prepared) == board.hart_count - 1; });
    fill_registers(this_hart().id);
    states[this_hart().id].before = read_registers();
}

void spend(uint64_t seconds) {
    const uint64_t start = csr::read<csr::time>();
    while (csr::read<csr::time>() - start < ticks(seconds)) {
    }
}

void look_at_machine() {
    HartState& own = states[this_hart().id];
    own.after = read_registers();
    if (environment::has_machine_mode)
        utip_after = environment::call_in_machine_mode(read_utip);
    map_after = board.uintc.has_wake() ? board.uintc.map() : 0;
    claimed = board.plic.claim(this_hart().id);
    let_interrupts_arrive(own);
    release(moved, true);
    for (uint64_t i = 1; i < board.hart_count; i++)
        (void)wait_for_hart(board.hart_after_this(i));
    for (uint64_t i = 0; i < board.uintc.receivers; i++)
        receivers_after[i] = {board.uintc.receiver(i).low(), board.uintc.receiver(i).take()};
}

/// uscratch is not zero.
bool was_prepared(uint64_t id) { return states[id].before.value[3] != 0; }

} // namespace

CASE(registers_of_every_hart_are_as_before) {
    for (uint64_t i = 0; i < board.hart_count; i++) {
        const uint64_t id = board.hart_ids[i];
        concerning("hart", id);
        expect("its state was set", was_prepared(id));
        for (unsigned number = 0; number < register_count; number++)
            expect_equal(register_names[number], states[id].before.value[number],
                         states[id].after.value[number]);
    }
}

CASE(receivers_are_as_before) {
    for (uint64_t i = 0; i < board.uintc.receivers; i++) {
        const bool taken = i < MAX_HARTS && was_prepared(i);
        concerning("receiver", i);
        expect_equal("LOW", low_of(i), receivers_after[i].low);
        expect_equal("pending", taken ? 0 : pending_of(i), receivers_after[i].pending);
    }
}

CASE(pending_interrupt_of_every_hart_arrives) {
    for (uint64_t i = 0; i < board.hart_count; i++) {
        const uint64_t id = board.hart_ids[i];
        const bool pending = pending_of(id) != 0 || id % 2 != 0;
        concerning("hart", id);
        expect_equal("traps in U", pending, states[id].run.traps.user.count);
        expect_equal("bits", pending_of(id), states[id].run.received);
        expect_equal("the function ran afterwards", 42, states[id].run.value);
    }
}

CASE(utip_is_as_before, Needs::machine_mode) { expect_equal("mip", uti, utip_after); }

CASE(asking_receivers_still_ask, Needs::wake) {
    expect("some asked", map_before != 0);
    expect_equal("map", map_before, map_after);
    expect_equal("claim", board.uintc.wake_source, claimed);
}

void guest_main() {
    if (!board.uintc.present())
        run_user_interrupt_cases();
    fill_machine();
    console::write("info ready\n");
    migration_point();
    spend(board.argument("seconds", 0));
    look_at_machine();
    run_user_interrupt_cases();
}
