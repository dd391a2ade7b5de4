// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A receiver and its hart: pending bits, which reads clear; the level that pending, Active, Mode
/// and hart id make together; the instructions uipi.read, write, activate and deactivate.

#include "platform/tests/lib/scene.hpp"
#include "platform/tests/lib/test.hpp"
#include "platform/tests/lib/uipi.hpp"

namespace {

constexpr uint64_t on_this_hart(uint64_t hart) { return low::mode | low::hart(hart); }

uint64_t stay(uint64_t) {
    linger();
    return 0;
}

uint64_t take(uint64_t) { return uipi::read(); }

uint64_t add(uint64_t pending) {
    uipi::write(pending);
    return 0;
}

void read_the_third_time(Frame&, Hart& hart) {
    if (hart.traps.user.count == 3)
        uipi::read();
}

} // namespace

CASE(every_vector_arrives_as_its_bit) {
    let_user_take(usi);
    const Receiver receiver = own_receiver(0);
    for (uint64_t vector = 0; vector < 64; vector++) {
        concerning("vector", vector);
        receiver.send(vector);
        const Run run = run_user(stay);
        expect_equal("traps in U", 1, run.traps.user.count);
        expect_equal("pending", bit(vector), run.received);
    }
}

CASE(vectors_accumulate_until_they_are_read) {
    const Receiver receiver = own_receiver(0);
    for (uint64_t vector = 0; vector < 64; vector += 3) {
        receiver.send(vector);
        receiver.send(vector);
    }
    expect_equal("pending", 0x9249'2492'4924'9249, uipi::read());
    expect_equal("pending after a read", 0, uipi::read());
}

CASE(uipi_read_answers_and_clears) {
    own_receiver(3).add(0xF0);
    expect_equal("first in U", 0xF0, run_user(take).value);
    expect_equal("second in U", 0, run_user(take).value);
    expect_equal("in S", 0, uipi::read());
}

CASE(uipi_read_withdraws_the_interrupt) {
    own_receiver(0).send(9);
    expect("pending", usip());
    uipi::read();
    expect("withdrawn", !usip());
}

CASE(uipi_write_adds_bits) {
    own_receiver(0).add(0x0F);
    run_user(add, 0x30);
    run_user(add, 0);
    expect_equal("pending", 0x3F, uipi::read());
}

CASE(uipi_write_raises_the_interrupt) {
    own_receiver(0);
    uipi::write(0);
    expect("nothing was written", !usip());
    uipi::write(bit(63));
    expect("pending", usip());
}

CASE(handler_can_put_back_what_it_left) {
    let_user_take(usi);
    own_receiver(0).add(bit(1) | bit(40));
    static constinit uint64_t served = 0;
    served = 0;
    const Run run = run_user(stay, 0, {.handler = [](Frame&, Hart&) {
                                 const uint64_t pending = uipi::read();
                                 const uint64_t lowest = pending & -pending;
                                 served = served << 8 | lowest;
                                 uipi::write(pending & ~lowest);
                             }});
    expect_equal("traps in U", 2, run.traps.user.count);
    expect_equal("served", bit(1) << 8 | bit(40), served);
}

CASE(interrupt_comes_again_until_pending_is_read) {
    let_user_take(usi);
    own_receiver(0).send(20);
    const Run run = run_user(stay, 0, {.handler = read_the_third_time});
    expect_equal("traps in U", 3, run.traps.user.count);
    expect_equal("first and second uepc", run.traps.user.first[0].pc, run.traps.user.first[1].pc);
    expect("withdrawn", !usip());
}

CASE(inactive_receiver_keeps_its_bits_to_itself) {
    let_user_take(usi);
    const Receiver receiver = own_receiver(0);
    receiver.write_low(on_this_hart(this_hart().id));
    receiver.send(1);
    expect("not pending", !usip());
    expect_equal("traps in U", 0, run_user(stay).traps.user.count);
    receiver.write_active(1);
    expect("pending once active", usip());
    expect_equal("traps in U when active", 1, run_user(stay).traps.user.count);
}

CASE(uipi_activate_and_deactivate_change_active) {
    const Receiver receiver = own_receiver(0);
    receiver.send(1);
    run_user([](uint64_t) {
        uipi::deactivate();
        return uint64_t{0};
    });
    expect_equal("Active after deactivate", 0, receiver.active());
    expect("not pending", !usip());
    run_user([](uint64_t) {
        uipi::activate();
        return uint64_t{0};
    });
    expect_equal("Active after activate", 1, receiver.active());
    expect("pending", usip());
    expect_equal("pending bits", bit(1), uipi::read());
}

CASE(uipi_activate_takes_a_waiting_interrupt_at_once) {
    let_user_take(usi);
    const Receiver receiver = own_receiver(0);
    uipi::deactivate();
    receiver.send(8);
    const Run run = run_user([](uint64_t) {
        linger();
        const uint64_t before = user_hart().traps.user.count;
        uipi::activate();
        await_user_traps(1);
        return before;
    });
    expect_equal("traps before", 0, run.value);
    expect_equal("traps in U", 1, run.traps.user.count);
    expect_equal("pending bits", bit(8), run.received);
}

CASE(active_cleared_while_pending_withdraws_the_interrupt) {
    const Receiver receiver = own_receiver(0);
    receiver.send(5);
    expect("pending", usip());
    receiver.write_low(on_this_hart(this_hart().id));
    expect("Active cleared in LOW", !usip());
    receiver.write_active(1);
    expect("Active set in ACT", usip());
    receiver.write_active(0);
    expect("Active cleared in ACT", !usip());
    expect_equal("pending bits survive", bit(5), receiver.take());
}

CASE(mode_0_never_delivers) {
    let_user_take(usi);
    const Receiver receiver = own_receiver(0);
    receiver.write_low(low::active | low::hart(this_hart().id));
    receiver.send(5);
    uipi::write(bit(6));
    expect("not pending", !usip());
    expect_equal("traps in U", 0, run_user(stay).traps.user.count);
    receiver.write_low(low::active | on_this_hart(this_hart().id));
    expect("pending with Mode 1", usip());
}

CASE(hart_id_changed_while_pending_moves_the_interrupt) {
    constexpr uint64_t no_such_hart = 0xFFFF;
    const Receiver receiver = own_receiver(0);
    receiver.send(5);
    expect("pending", usip());
    receiver.write_low(low::active | on_this_hart(no_such_hart));
    expect("gone", !usip());
    receiver.write_low(low::active | on_this_hart(this_hart().id));
    expect("back", usip());
}

CASE(every_receiver_can_interrupt) {
    for (uint64_t i = 0; i < board.uintc.receivers; i++) {
        concerning("receiver", i);
        own_receiver(i).send(i % 64);
        expect("pending", usip());
        expect_equal("pending bits", bit(i % 64), uipi::read());
        expect("withdrawn", !usip());
    }
}

CASE(receivers_of_one_hart_are_ored) {
    const Receiver first = own_receiver(1);
    const Receiver second = own_receiver(board.uintc.receivers - 1);
    first.send(1);
    second.send(2);
    expect("pending", usip());
    expect_equal("first", bit(1), first.take());
    expect("still pending", usip());
    expect_equal("second", bit(2), second.take());
    expect("withdrawn", !usip());
}

CASE(line_does_not_stick_in_the_software_bit) {
    csr::write<csr::sideleg>(usi);
    const Receiver receiver = own_receiver(0);
    receiver.send(1);
    csr::set<csr::sip>(uei);
    csr::clear<csr::sip>(uei);
    csr::set<csr::uip>(0);
    receiver.take();
    expect("withdrawn", !usip());
}

CASE(clearing_the_software_bit_leaves_the_line) {
    csr::write<csr::sideleg>(usi);
    const Receiver receiver = own_receiver(0);
    receiver.send(1);
    csr::clear<csr::uip>(usi);
    expect("after csrc uip", usip());
    csr::write<csr::uip>(0);
    expect("after csrw uip", usip());
    csr::clear<csr::sip>(usi);
    expect("after csrc sip", usip());
}

CASE(reading_pending_bits_leaves_the_software_bit) {
    csr::write<csr::sideleg>(usi);
    own_receiver(0).send(1);
    csr::set<csr::uip>(usi);
    uipi::read();
    expect("still pending", usip());
    csr::clear<csr::uip>(usi);
    expect("withdrawn", !usip());
}

CASE(disabled_suirs_makes_the_instructions_do_nothing) {
    const Receiver receiver = own_receiver(0);
    receiver.add(0xFF);
    csr::write<csr::suirs>(0);
    expect_equal("uipi.read", 0, uipi::read());
    uipi::write(0xFF00);
    uipi::deactivate();
    expect_equal("Active", 1, receiver.active());
    receiver.write_active(0);
    uipi::activate();
    expect_equal("Active", 0, receiver.active());
    expect_equal("pending bits", 0xFF, receiver.take());
}

CASE(suirs_beyond_the_last_receiver_makes_the_instructions_do_nothing) {
    const uint64_t beyond[] = {board.uintc.receivers, board.uintc.receivers + uint64_t{1}, 0xFFFF};
    const Receiver last = own_receiver(board.uintc.receivers - 1);
    const Receiver first = own_receiver(0);
    for (const uint64_t index : beyond) {
        concerning("index", index);
        csr::write<csr::suirs>(suirs::enable | index);
        const Run run = run_supervisor([](uint64_t) {
            uipi::write(all_ones);
            uipi::deactivate();
            return uipi::read();
        });
        expect_equal("uipi.read", 0, run.value);
        expect_equal("traps in S", 0, run.traps.supervisor.count);
        expect_equal("pending bits of the first", 0, first.take());
        expect_equal("pending bits of the last", 0, last.take());
        expect_equal("Active of the first and last", 2, first.active() + last.active());
        expect_equal("word behind the last", 0, board.uintc.has_wake() ? board.uintc.map() : 0);
    }
}

CASE(suirs_chooses_the_receiver) {
    const Receiver first = own_receiver(1);
    const Receiver second = own_receiver(2);
    first.add(1);
    second.add(2);
    expect_equal("second", 2, uipi::read());
    csr::write<csr::suirs>(suirs::enable | 1);
    expect_equal("first", 1, uipi::read());
}

void guest_main() { run_user_interrupt_cases(); }
