// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Several harts: sends from one to another without S- or M-mode, receivers that move, registers
/// of each hart's own, and sleep in S-mode that a user interrupt ends.

#include "platform/tests/lib/atomic.hpp"
#include "platform/tests/lib/clock.hpp"
#include "platform/tests/lib/scene.hpp"
#include "platform/tests/lib/test.hpp"
#include "platform/tests/lib/trap.hpp"
#include "platform/tests/lib/uipi.hpp"

namespace {

constinit uint64_t ready = 0; ///< harts that have come to the common start

void meet(uint64_t harts) {
    fetch_add(ready, 1);
    expect("all harts are there", wait_until([=] { return acquire(ready) >= harts; }));
}

constinit Run runs[MAX_HARTS] = {};

/// Job: receiver `index`, whose bits of U-mode's handler are counted until `expected` are there.
constinit uint64_t expected_bits = 0;

uint64_t receive_expected(uint64_t) {
    const volatile uint64_t& received = user_hart().received;
    (void)wait_until([&] { return received == acquire(expected_bits); });
    return received;
}

void receiver_job(uint64_t index) {
    reset_own_registers();
    own_receiver(index);
    let_user_take(usi);
    meet(2);
    runs[this_hart().id] = run_user(receive_expected);
}

uint64_t send(uint64_t index) {
    uipi::send(index);
    return 0;
}

void expect_only_user_traps(const Run& run, uint64_t count) {
    expect_equal("traps in U", count, run.traps.user.count);
    expect_equal("traps in S", 0, run.traps.supervisor.count);
    expect_equal("traps in M", 0, run.traps.machine.count);
}

/// Starts receiver_job on the next hart and answers its id.
uint64_t start_receiver(uint64_t index, uint64_t bits) {
    const uint64_t other = board.hart_after_this(1);
    ready = 0;
    expected_bits = bits;
    start_hart(other, receiver_job, index);
    meet(2);
    return other;
}

constexpr uint64_t rounds = 100;
constinit uint64_t own_turns[MAX_HARTS] = {};

/// Handler: answers each interrupt with one to the other hart.
void send_back(Frame&, Hart& hart) {
    uipi::read_before_loads();
    own_turns[hart.id] = own_turns[hart.id] + 1;
    if (own_turns[hart.id] < rounds)
        uipi::send_after_stores(hart.id);
}

/// Plays against the hart whose entry stands at the own id. The argument tells who begins.
uint64_t play(uint64_t begins) {
    const uint64_t id = user_hart().id;
    if (begins != 0)
        uipi::send(id);
    (void)wait_until([=] { return acquire(own_turns[id]) >= rounds - begins; });
    return 0;
}

void play_job(uint64_t begins) {
    reset_own_registers();
    const uint64_t id = this_hart().id;
    own_receiver(id);
    use_table(table);
    let_user_take(usi);
    meet(2);
    runs[id] = run_user(play, begins, {.handler = send_back});
}

/// Sends one vector, its own id, to every other hart and waits for theirs.
uint64_t greet_all(uint64_t others) {
    const uint64_t id = user_hart().id;
    for (uint64_t hart = 0; hart < MAX_HARTS; hart++)
        if ((others & bit(hart)) != 0)
            uipi::send(hart * MAX_HARTS + id);
    const volatile uint64_t& received = user_hart().received;
    (void)wait_until([&] { return received == others; });
    return received;
}

uint64_t all_harts() {
    uint64_t harts_there = 0;
    for (uint64_t i = 0; i < board.hart_count; i++)
        harts_there |= bit(board.hart_ids[i]);
    return harts_there;
}

void greet_job(uint64_t) {
    reset_own_registers();
    const uint64_t id = this_hart().id;
    own_receiver(id);
    use_table(table);
    let_user_take(usi);
    meet(board.hart_count);
    runs[id] = run_user(greet_all, all_harts() & ~bit(id));
}

/// Sleeps in S-mode until a software user interrupt is pending; SIE is off, so none is taken.
void sleep_job(uint64_t delegated) {
    reset_own_registers();
    own_receiver(4);
    csr::write<csr::sideleg>(delegated);
    csr::write<csr::sie>(usi);
    meet(2);
    while (!usip())
        asm volatile("wfi");
    csr::write<csr::sie>(0);
}

constinit uint64_t sends = 0;
constinit uint64_t enough = 0;

/// Sends through entry 0 until it is told that it is enough.
uint64_t send_in_a_loop(uint64_t) {
    while (acquire(enough) == 0) {
        uipi::send(0);
        release(sends, sends + 1);
    }
    return 0;
}

/// Waits until the sender's loop has gone round so often from now on.
void wait_for_sends(uint64_t count) {
    const uint64_t from = acquire(sends);
    expect("the sender goes on", wait_until([=] { return acquire(sends) >= from + count; }));
}

} // namespace

CASE(one_hart_interrupts_another, Needs::two_harts) {
    table.set(0, sender_entry(1, 33));
    use_table(table);
    const uint64_t other = start_receiver(1, bit(33));
    const Run sender = run_user(send);
    expect("the receiver has ended", wait_for_hart(other));
    expect_only_user_traps(sender, 0);
    expect_only_user_traps(runs[other], 1);
    expect_equal("received", bit(33), runs[other].value);
}

CASE(hart_in_supervisor_mode_interrupts_user_mode_of_another, Needs::two_harts) {
    const uint64_t other = start_receiver(2, bit(0) | bit(63));
    board.uintc.receiver(2).send(0);
    board.uintc.receiver(2).send(63);
    expect("the receiver has ended", wait_for_hart(other));
    expect_equal("received", bit(0) | bit(63), runs[other].value);
    expect_equal("traps in S", 0, runs[other].traps.supervisor.count);
}

CASE(two_harts_interrupt_each_other, Needs::two_harts) {
    const uint64_t own = this_hart().id;
    const uint64_t other = board.hart_after_this(1);
    table.set(own, sender_entry(other, 1));
    table.set(other, sender_entry(own, 2));
    own_turns[own] = 0;
    own_turns[other] = 0;
    ready = 0;
    start_hart(other, play_job, 0);
    play_job(1);
    expect("the other has ended", wait_for_hart(other));
    expect_equal("turns of the second", rounds, own_turns[other]);
    expect_equal("turns of the first", rounds - 1, own_turns[own]);
    expect_only_user_traps(runs[other], rounds);
    expect_only_user_traps(runs[own], rounds - 1);
}

CASE(four_harts_interrupt_each_other, Needs::four_harts) {
    for (uint64_t to = 0; to < MAX_HARTS; to++)
        for (uint64_t from = 0; from < MAX_HARTS; from++)
            table.set(to * MAX_HARTS + from, sender_entry(to, from));
    ready = 0;
    for (uint64_t i = 1; i < board.hart_count; i++)
        start_hart(board.hart_after_this(i), greet_job);
    greet_job(0);
    for (uint64_t i = 1; i < board.hart_count; i++)
        expect("the hart has ended", wait_for_hart(board.hart_after_this(i)));
    for (uint64_t i = 0; i < board.hart_count; i++) {
        const uint64_t id = board.hart_ids[i];
        concerning("hart", id);
        expect_equal("received", all_harts() & ~bit(id), runs[id].value);
        expect_equal("traps in S", 0, runs[id].traps.supervisor.count);
        expect_equal("traps in M", 0, runs[id].traps.machine.count);
    }
}

CASE(receiver_of_another_hart_does_not_interrupt_this_one, Needs::two_harts) {
    const Receiver receiver = own_receiver(0);
    receiver.write_low(low::active | low::mode | low::hart(board.hart_after_this(1)));
    receiver.send(1);
    expect("not pending here", !usip());
    receiver.write_low(low::active | low::mode | low::hart(this_hart().id));
    expect("pending here", usip());
}

CASE(receiver_moves_with_its_pending_bits, Needs::two_harts) {
    const uint64_t other = board.hart_after_this(1);
    const Receiver receiver = own_receiver(3);
    receiver.add(bit(11));
    expect("pending here", usip());
    receiver.write_low(low::mode | low::hart(this_hart().id)); // as a switch does: first not active
    expect("not pending", !usip());
    ready = 0;
    expected_bits = bit(11);
    start_hart(other, receiver_job, 3);
    meet(2);
    expect("the receiver has ended", wait_for_hart(other));
    expect_equal("received", bit(11), runs[other].value);
    expect_equal("traps in U", 1, runs[other].traps.user.count);
    expect("not pending here", !usip());
}

CASE(registers_belong_to_their_hart, Needs::two_harts) {
    const uint64_t other = board.hart_after_this(1);
    csr::write<csr::sideleg>(usi);
    csr::write<csr::uie>(usi);
    csr::write<csr::uscratch>(1);
    csr::write<csr::suist>(2);
    csr::write<csr::suirs>(3);
    csr::set<csr::uip>(usi);
    start_hart(other, [](uint64_t) {
        reset_own_registers();
        csr::write<csr::uscratch>(all_ones);
        expect("software bit of the other hart", !usip());
    });
    expect("the other has ended", wait_for_hart(other));
    expect_equal("sideleg", usi, csr::read<csr::sideleg>());
    expect_equal("uie", usi, csr::read<csr::uie>());
    expect_equal("uscratch", 1, csr::read<csr::uscratch>());
    expect_equal("suist", 2, csr::read<csr::suist>());
    expect_equal("suirs", 3, csr::read<csr::suirs>());
    expect_equal("uip", usi, csr::read<csr::uip>());
}

CASE(hart_in_wfi_is_woken_by_a_user_interrupt, Needs::two_harts) {
    const uint64_t other = board.hart_after_this(1);
    constexpr uint64_t delegations[] = {0, usi};
    for (const uint64_t delegated : delegations) {
        concerning("sideleg", delegated);
        ready = 0;
        start_hart(other, sleep_job, delegated);
        meet(2);
        wait_a_moment(); // until it sleeps
        board.uintc.receiver(4).send(1);
        expect("the hart has gone on", wait_for_hart(other));
        expect_equal("pending", bit(1), board.uintc.receiver(4).take());
    }
}

CASE(entry_that_was_cleared_stops_a_sender_in_a_tight_loop, Needs::two_harts) {
    const uint64_t other = board.hart_after_this(1);
    const Receiver receiver = own_receiver(0);
    table.set(0, sender_entry(0, 1));
    sends = 0;
    enough = 0;
    start_hart(other, [](uint64_t) {
        reset_own_registers();
        use_table(table);
        run_user(send_in_a_loop);
    });
    wait_for_sends(10);
    expect_equal("pending", bit(1), receiver.take());
    table.set(0, 0);
    wait_for_sends(2); // one may have been on its way
    receiver.take();
    wait_for_sends(1000);
    expect_equal("pending after the release", 0, receiver.take());
    release(enough, uint64_t{1});
    expect("the other has ended", wait_for_hart(other));
}

void guest_main() { run_user_interrupt_cases(); }
