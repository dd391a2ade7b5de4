// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The Wake extension: a receiver with pending bits, Active clear and Wake set is asking. While
/// any is, the UINTC drives its PLIC line, and drives it anew at every change of any receiver,
/// because the PLIC does not look at a level again when an interrupt is completed.
/// The kernel claims, serves the map of asking receivers, completes, and reads the map again.

#include "platform/tests/lib/atomic.hpp"
#include "platform/tests/lib/clock.hpp"
#include "platform/tests/lib/scene.hpp"
#include "platform/tests/lib/test.hpp"
#include "platform/tests/lib/uipi.hpp"

namespace {

constexpr uint64_t external = bit(irq::supervisor_external);

uint64_t own_id() { return this_hart().id; }
uint64_t source() { return board.uintc.wake_source; }

bool interrupt_pending() { return (csr::read<csr::sip>() & external) != 0; }

uint64_t claim() { return board.plic.claim(own_id()); }
void complete() { board.plic.complete(own_id(), source()); }

/// The Wake source reaches this hart and nothing of it is pending.
void listen() {
    board.plic.enable_only(own_id(), board.uintc.wake_source);
    while (claim() != 0)
        complete();
}

Receiver sleeping_receiver(uint64_t index) {
    const Receiver receiver = board.uintc.receiver(index);
    receiver.write_low(low::wake | low::mode | low::hart(own_id()));
    csr::write<csr::suirs>(suirs::enable | index);
    return receiver;
}

/// Ways in which a receiver becomes one that asks, from a state in which it does not.
constexpr void (*ways_to_ask[])(const Receiver&) = {
    [](const Receiver& receiver) { receiver.send(3); },
    [](const Receiver& receiver) { receiver.add(8); },
    [](const Receiver&) { uipi::write(8); },
    [](const Receiver&) { uipi::send(0); },
};

/// Ways in which an asking receiver stops asking.
constexpr void (*ways_to_withdraw[])(const Receiver&) = {
    [](const Receiver& receiver) { receiver.take(); },
    [](const Receiver&) { uipi::read(); },
    [](const Receiver& receiver) { receiver.write_active(1); },
    [](const Receiver&) { uipi::activate(); },
    [](const Receiver& receiver) { receiver.write_low(low::mode | low::hart(own_id())); },
    [](const Receiver& receiver) { receiver.write_low(low::wake | low::mode | low::active); },
};

/// Expects one interrupt of the Wake source and serves it: `serve` is called after the claim.
template <typename Serve>
void expect_interrupt(Serve serve) {
    expect("interrupt", interrupt_pending());
    expect_equal("claim", source(), claim());
    serve();
    complete();
}

} // namespace

CASE(asking_is_pending_and_not_active_and_wake, Needs::wake) {
    for (uint64_t setting = 0; setting < 16; setting++) {
        const uint64_t low_bits = setting & (low::active | low::mode | low::wake);
        const bool pending = (setting & 8) != 0;
        concerning("pending, Wake, Mode, Active", setting);
        const Receiver receiver = board.uintc.receiver(0);
        receiver.write_low(low_bits);
        if (pending)
            receiver.send(1);
        const bool asks = pending && (low_bits & low::active) == 0 && (low_bits & low::wake) != 0;
        expect_equal("map", asks, board.uintc.map());
        receiver.take();
    }
}

CASE(every_receiver_has_its_bit_in_the_map, Needs::wake) {
    const uint64_t words = (board.uintc.receivers + 63) / 64;
    for (uint64_t i = 0; i < board.uintc.receivers; i++) {
        concerning("receiver", i);
        const Receiver receiver = sleeping_receiver(i);
        receiver.send(0);
        for (uint64_t word = 0; word < words; word++)
            expect_equal("map", word == i / 64 ? bit(i % 64) : 0, board.uintc.map(word));
        receiver.take();
    }
}

CASE(nothing_asks_nothing_interrupts, Needs::wake) {
    listen();
    sleeping_receiver(0);
    own_receiver(1).send(1);
    expect_equal("map", 0, board.uintc.map());
    expect("no interrupt", !interrupt_pending());
    expect_equal("claim", 0, claim());
}

CASE(pending_bit_wakes, Needs::wake) {
    table.set(0, sender_entry(5, 3));
    use_table(table);
    for (const auto ask : ways_to_ask) {
        listen();
        const Receiver receiver = sleeping_receiver(5);
        ask(receiver);
        expect_equal("map", bit(5), board.uintc.map());
        expect_interrupt([&] { expect_equal("pending", bit(3), receiver.take()); });
        expect("no more", !interrupt_pending());
    }
}

CASE(setting_wake_with_bits_pending_wakes, Needs::wake) {
    listen();
    const Receiver receiver = board.uintc.receiver(5);
    receiver.send(3);
    expect("not yet", !interrupt_pending());
    sleeping_receiver(5);
    expect_interrupt([&] { receiver.take(); });
}

CASE(clearing_active_with_bits_pending_wakes, Needs::wake) {
    listen();
    const Receiver receiver = sleeping_receiver(5);
    receiver.write_active(1);
    receiver.send(3);
    expect("not yet", !interrupt_pending());
    uipi::deactivate();
    expect_interrupt([&] { receiver.write_active(1); });
    expect("served", !interrupt_pending());
    receiver.write_active(0);
    expect_interrupt([&] { receiver.take(); });
}

CASE(request_can_be_withdrawn, Needs::wake) {
    for (const auto withdraw : ways_to_withdraw) {
        listen();
        const Receiver receiver = sleeping_receiver(5);
        receiver.send(3);
        expect_equal("map", bit(5), board.uintc.map());
        withdraw(receiver);
        expect_equal("map afterwards", 0, board.uintc.map());
        if (claim() != 0) // the PLIC may have kept the request
            complete();
        expect("no more", !interrupt_pending());
        receiver.take();
    }
}

CASE(request_withdrawn_and_made_again_wakes, Needs::wake) {
    listen();
    const Receiver receiver = sleeping_receiver(5);
    receiver.send(3);
    receiver.take();
    listen();
    receiver.send(4);
    expect_interrupt([&] { expect_equal("pending", bit(4), receiver.take()); });
}

CASE(second_asker_between_claim_and_complete_is_not_lost, Needs::wake) {
    listen();
    const Receiver first = sleeping_receiver(1);
    const Receiver second = sleeping_receiver(2);
    first.send(0);
    expect_interrupt([&] {
        first.take();
        second.send(0);
    });
    expect_equal("map", bit(2), board.uintc.map());
    expect_interrupt([&] { second.take(); });
    expect("no more", !interrupt_pending());
}

CASE(second_asker_while_the_first_still_asks_is_not_lost, Needs::wake) {
    listen();
    const Receiver first = sleeping_receiver(1);
    const Receiver second = sleeping_receiver(70 % board.uintc.receivers);
    first.send(0);
    expect_interrupt([&] {
        second.send(0);
        first.take();
    });
    expect_interrupt([&] { second.take(); });
    expect_equal("map", 0, board.uintc.map());
}

CASE(same_receiver_asking_again_between_claim_and_complete_is_not_lost, Needs::wake) {
    listen();
    const Receiver receiver = sleeping_receiver(1);
    receiver.send(0);
    expect_interrupt([&] {
        receiver.take();
        receiver.send(1);
    });
    expect_interrupt([&] { expect_equal("pending", bit(1), receiver.take()); });
}

CASE(unserved_request_interrupts_anew_at_any_change, Needs::wake) {
    listen();
    const Receiver asking = sleeping_receiver(1);
    asking.send(0);
    expect_interrupt([] {});
    expect_equal("map", bit(1), board.uintc.map());
    board.uintc.receiver(2).write_low(low::mode);
    expect_interrupt([&] { asking.take(); });
}

CASE(kernels_loop_serves_every_asker, Needs::wake) {
    listen();
    for (uint64_t i = 0; i < 10; i++)
        sleeping_receiver(i).send(i);
    uint64_t served = 0;
    while (claim() != 0) {
        const uint64_t map = board.uintc.map();
        for (uint64_t i = 0; i < 64; i++)
            if ((map & bit(i)) != 0)
                served |= board.uintc.receiver(i).take();
        complete();
    }
    expect_equal("served", bit(10) - 1, served);
    expect_equal("map", 0, board.uintc.map());
}

CASE(supervisor_takes_it_as_an_external_interrupt, Needs::wake) {
    listen();
    sleeping_receiver(1).send(0);
    csr::set<csr::sie>(external);
    const Run run = run_user([](uint64_t) {
        linger();
        return uint64_t{0};
    });
    expect_equal("traps in S", 1, run.traps.supervisor.count);
    expect_equal("scause", cause::interrupt | irq::supervisor_external,
                 run.traps.supervisor.first[0].cause);
    expect_equal("traps in U", 0, run.traps.user.count);
    expect_interrupt([] { uipi::read(); });
}

CASE(sleeping_receiver_does_not_interrupt_user_mode, Needs::wake) {
    let_user_take(usi);
    sleeping_receiver(0).send(1);
    expect("not pending", !usip());
}

CASE(hart_in_wfi_is_woken, Needs::wake, Needs::two_harts) {
    static constinit uint64_t claimed = 0;
    static constinit bool asleep = false;
    const uint64_t other = board.hart_after_this(1);
    const Receiver receiver = sleeping_receiver(5);
    claimed = 0;
    asleep = false;
    start_hart(other, [](uint64_t) {
        listen();
        csr::set<csr::sie>(external);
        release(asleep, true);
        while (!interrupt_pending())
            asm volatile("wfi");
        claimed = claim();
        board.uintc.receiver(5).take();
        complete();
        csr::clear<csr::sie>(external);
    });
    expect("the hart has started", wait_until([] { return acquire(asleep); }));
    wait_a_moment(); // until it sleeps
    receiver.send(1);
    expect("the hart has gone on", wait_for_hart(other));
    expect_equal("claim", source(), claimed);
}

CASE(without_the_line_there_is_no_wake_bit, Needs::no_wake) {
    const Receiver receiver = board.uintc.receiver(0);
    receiver.write_low(all_ones);
    expect_equal("Wake", 0, receiver.low() & low::wake);
    receiver.write_low(low::wake | low::mode);
    receiver.send(1);
    expect("no interrupt", !interrupt_pending());
}

void guest_main() { run_user_interrupt_cases(); }
