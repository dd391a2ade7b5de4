// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// uipi.send and the sender table: what a valid entry does, and everything that makes a send do
/// nothing at all - no effect and no trap: a table that is disabled, too short, not readable or
/// not there, an entry that is not valid, a receiver that does not exist.

#include "platform/tests/lib/memory.hpp"
#include "platform/tests/lib/scene.hpp"
#include "platform/tests/lib/test.hpp"
#include "platform/tests/lib/uipi.hpp"

namespace {

constexpr uint64_t per_page = SenderTable::per_page;

uint64_t send(uint64_t index) {
    uipi::send(index);
    return 0;
}

/// Pending bits of the own receiver after a send in U-mode, which must not trap.
uint64_t received_after_send(uint64_t index) {
    const Run run = run_user(send, index);
    expect_equal("traps", 0, run.traps.order);
    return uipi::read();
}

/// Every entry of both pages sends vector 1 to receiver 0, which is ours.
void fill_table() {
    own_receiver(0);
    for (uint64_t i = 0; i < 2 * per_page; i++)
        table.set(i, sender_entry(0, 1));
}

} // namespace

CASE(entry_sends_its_vector_to_its_receiver) {
    const Receiver receiver = own_receiver(7);
    use_table(table);
    for (uint64_t vector = 0; vector < 64; vector++) {
        concerning("vector", vector);
        table.set(vector, sender_entry(7, vector));
        expect_equal("pending", bit(vector), received_after_send(vector));
    }
    expect_equal("left over", 0, receiver.take());
}

CASE(entries_reach_every_receiver) {
    use_table(table);
    for (uint64_t i = 0; i < board.uintc.receivers; i++)
        table.set(i, sender_entry(i, i % 64));
    for (uint64_t i = 0; i < board.uintc.receivers; i++)
        run_user(send, i);
    for (uint64_t i = 0; i < board.uintc.receivers; i++) {
        concerning("receiver", i);
        expect_equal("pending", bit(i % 64), board.uintc.receiver(i).take());
    }
}

CASE(send_is_taken_at_once_by_the_sender_itself) {
    let_user_take(usi);
    own_receiver(0);
    use_table(table);
    table.set(0, sender_entry(0, 33));
    const Run run = run_user([](uint64_t) {
        uipi::send(0);
        await_user_traps(1);
        return uint64_t{0};
    });
    expect_equal("traps in U", 1, run.traps.user.count);
    expect_equal("all traps", 1, run.traps.order);
    expect_equal("pending", bit(33), run.received);
}

CASE(send_does_not_ask_for_an_active_receiver) {
    own_receiver(0).write_low(0);
    use_table(table);
    table.set(0, sender_entry(0, 33));
    expect_equal("pending", bit(33), received_after_send(0));
}

CASE(supervisor_mode_sends_too) {
    fill_table();
    use_table(table);
    uipi::send(5);
    expect_equal("pending", bit(1), uipi::read());
}

CASE(machine_mode_sends_too, Needs::machine_mode) {
    fill_table();
    use_table(table);
    run_machine(send, 5);
    expect_equal("pending", bit(1), uipi::read());
}

CASE(first_and_last_entry_of_a_page) {
    fill_table();
    use_table(table);
    expect_equal("first", bit(1), received_after_send(0));
    expect_equal("last", bit(1), received_after_send(per_page - 1));
}

CASE(entry_behind_the_tables_size_is_not_used) {
    fill_table();
    use_table(table);
    expect_equal("behind one page", 0, received_after_send(per_page));
    use_table(table, 2);
    expect_equal("in the second page", bit(1), received_after_send(per_page));
    expect_equal("last of the second page", bit(1), received_after_send(2 * per_page - 1));
    expect_equal("behind two pages", 0, received_after_send(2 * per_page));
}

CASE(table_of_size_0_has_no_entries) {
    fill_table();
    use_table(table, 0);
    expect_equal("pending", 0, received_after_send(0));
}

CASE(table_of_the_greatest_size) {
    fill_table();
    use_table(table, 0xFFF);
    expect_equal("pending", bit(1), received_after_send(per_page + 3));
    expect_equal("behind it", 0, received_after_send(0xFFF * per_page));
}

CASE(index_whose_offset_overflows_is_out_of_range) {
    constexpr uint64_t indices[] = {bit(61),  bit(62), bit(63), bit(61) + 5,
                                    all_ones, bit(32), bit(52)};
    fill_table();
    use_table(table);
    for (const uint64_t index : indices) {
        concerning("index", index);
        expect_equal("pending", 0, received_after_send(index));
    }
}

CASE(disabled_table_sends_nothing) {
    fill_table();
    csr::write<csr::suist>(table.suist() & ~suist::enable);
    expect_equal("pending", 0, received_after_send(0));
    csr::write<csr::suist>(0);
    expect_equal("pending with suist = 0", 0, received_after_send(0));
}

CASE(invalid_entry_sends_nothing) {
    own_receiver(0);
    use_table(table);
    table.set(0, sender_entry(0, 1) & ~uint64_t{1});
    table.set(1, 0);
    expect_equal("Valid clear", 0, received_after_send(0));
    expect_equal("zero", 0, received_after_send(1));
}

CASE(entry_can_be_used_again_for_another_vector_and_receiver) {
    const Receiver other = own_receiver(1);
    const Receiver receiver = own_receiver(0);
    use_table(table);
    table.set(9, sender_entry(0, 10));
    run_user(send, 9);
    table.set(9, 0);
    run_user(send, 9);
    table.set(9, sender_entry(1, 11));
    run_user(send, 9);
    expect_equal("pending before", bit(10), receiver.take());
    expect_equal("pending afterwards", bit(11), other.take());
}

CASE(suist_can_name_another_table) {
    own_receiver(0);
    table.set(0, sender_entry(0, 1));
    other_table.set(0, sender_entry(0, 2));
    use_table(table);
    expect_equal("first table", bit(1), received_after_send(0));
    use_table(other_table);
    expect_equal("second table", bit(2), received_after_send(0));
    use_table(table);
    expect_equal("first table again", bit(1), received_after_send(0));
}

CASE(receiver_that_does_not_exist_gets_nothing) {
    const uint64_t indices[] = {board.uintc.receivers, board.uintc.receivers + uint64_t{1}, 0x8000,
                                0xFFFF};
    const Receiver last = own_receiver(board.uintc.receivers - 1);
    own_receiver(0);
    use_table(table);
    for (const uint64_t index : indices) {
        concerning("receiver", index);
        table.set(0, sender_entry(index, 1));
        expect_equal("pending of receiver 0", 0, received_after_send(0));
        expect_equal("pending of the last", 0, last.take());
    }
}

CASE(table_where_no_memory_is_sends_nothing) {
    constexpr uint64_t page_numbers[] = {0xFFF'FFFF'FFFF, bit(43), bit(28), 0};
    own_receiver(0);
    for (const uint64_t page_number : page_numbers) {
        concerning("PPN", page_number);
        csr::write<csr::suist>(suist::enable | uint64_t{1} << 44 | page_number);
        expect_equal("pending", 0, received_after_send(100));
    }
}

CASE(table_that_physical_memory_protection_hides_sends_nothing, Needs::machine_mode) {
    constexpr uint64_t four_kilobytes = 0x1FF;
    constexpr uint64_t deny_naturally_aligned = 0x18;
    fill_table();
    use_table(table);
    run_machine(
        [](uint64_t address) {
            csr::write<csr::pmpaddr0>((address >> 2 & ~four_kilobytes) | four_kilobytes);
            csr::set<csr::pmpcfg0>(deny_naturally_aligned);
            asm volatile("sfence.vma" : : : "memory");
            return uint64_t{0};
        },
        address_of(&table));
    const uint64_t hidden = received_after_send(0);
    run_machine([](uint64_t) {
        csr::clear<csr::pmpcfg0>(deny_naturally_aligned);
        asm volatile("sfence.vma" : : : "memory");
        return uint64_t{0};
    });
    expect_equal("hidden", 0, hidden);
    expect_equal("shown again", bit(1), received_after_send(0));
}

CASE(table_in_the_firmwares_memory_sends_nothing, Needs::firmware) {
    const Node firmware = board.tree.named("mmode_resv0");
    expect("the firmware names its memory", firmware.exists());
    own_receiver(0);
    csr::write<csr::suist>(suist::value(firmware.address(), 1));
    for (uint64_t index = 0; index < per_page; index++)
        uipi::send(index);
    for (uint64_t i = 0; i < board.uintc.receivers; i++)
        expect_equal("pending", 0, board.uintc.receiver(i).take());
}

void guest_main() { run_user_interrupt_cases(); }
