// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Harts in U-mode work, send to each other and to themselves, and note in one common list who
/// got an interrupt when. The list and the counts of instructions in it show every difference in
/// the order in which the harts run: two runs that print the same have run the same.
/// rounds=N sends of each hart (default 200), seed=N for whom they send to.
/// Prints the first entries, `info entries N` and `info hash 0x..`.

#include "platform/tests/lib/atomic.hpp"
#include "platform/tests/lib/console.hpp"
#include "platform/tests/lib/scene.hpp"
#include "platform/tests/lib/test.hpp"
#include "platform/tests/lib/uipi.hpp"

namespace {

constexpr uint64_t capacity = 8192;
constexpr uint64_t shown = 40;

struct Entry {
    uint64_t hart;
    uint64_t pending; ///< 0: the hart's own round has ended
    uint64_t instret;
};
constinit Entry entries[capacity] = {};
constinit uint64_t entry_count = 0;
constinit uint64_t finished = 0;
constinit uint64_t seed = 0;

void note(uint64_t hart, uint64_t pending) {
    const uint64_t index = fetch_add(entry_count, 1);
    if (index < capacity)
        entries[index] = {hart, pending, csr::read<csr::instret>()};
}

void handle(Frame&, Hart& hart) { note(hart.id, uipi::read_before_loads()); }

void work(uint64_t steps) {
    for (uint64_t i = 0; i < steps; i++)
        asm volatile("");
}

/// In U-mode: rounds of work and one send each, then waits for the other harts.
uint64_t exchange(uint64_t rounds) {
    const uint64_t own = user_hart().id;
    Random random{seed * MAX_HARTS + own};
    for (uint64_t i = 0; i < rounds; i++) {
        work(random.below(500));
        const uint64_t receiver = board.hart_ids[random.below(board.hart_count)];
        uipi::send_after_stores(receiver * MAX_HARTS + own);
        note(own, 0);
    }
    fetch_add(finished, 1);
    while (acquire(finished) < board.hart_count) {
    }
    return 0;
}

void exchange_job(uint64_t rounds) {
    reset_own_registers();
    own_receiver(this_hart().id);
    use_table(table);
    let_user_take(usi);
    run_user(exchange, rounds, {.handler = handle});
}

uint64_t hash_of_entries() {
    uint64_t hash = 0xCBF2'9CE4'8422'2325; // FNV-1a
    for (uint64_t i = 0; i < capacity && i < entry_count; i++) {
        const uint64_t parts[] = {entries[i].hart, entries[i].pending, entries[i].instret};
        for (const uint64_t part : parts)
            hash = (hash ^ part) * 0x100'0000'01B3;
    }
    return hash;
}

void print_entries() {
    using console::Hex;
    for (uint64_t i = 0; i < shown && i < entry_count; i++)
        console::print("info entry ", i, " hart ", entries[i].hart, " pending ",
                       Hex{entries[i].pending}, " instret ", entries[i].instret, "\n");
    console::print("info entries ", entry_count, "\ninfo hash ", Hex{hash_of_entries()},
                   "\ninfo instret ", csr::read<csr::instret>(), "\n");
}

} // namespace

CASE(harts_exchange_user_interrupts) {
    const uint64_t rounds = board.argument("rounds", 200);
    seed = board.argument("seed", 1);
    for (uint64_t to = 0; to < MAX_HARTS; to++)
        for (uint64_t from = 0; from < MAX_HARTS; from++)
            table.set(to * MAX_HARTS + from, sender_entry(to, from));
    for (uint64_t i = 1; i < board.hart_count; i++)
        start_hart(board.hart_after_this(i), exchange_job, rounds);
    exchange_job(rounds);
    for (uint64_t i = 1; i < board.hart_count; i++)
        expect("the hart has ended", wait_for_hart(board.hart_after_this(i)));
    print_entries();
    expect("every round is in the list", entry_count > rounds * board.hart_count);
    expect("the list is long enough", entry_count <= capacity);
}

void guest_main() { run_user_interrupt_cases(); }
