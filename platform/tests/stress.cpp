// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Up to four harts in U-mode send to each other, sends=N times in all (default a million), half
/// of them in each of two ways. A channel is one sender's vector at one receiver; its sender
/// counts in `sent` before each send, its receiver in `received`.
///
/// * acknowledged: the next send waits for `received` to come up to `sent`, so bits never merge,
///   and every interrupt must find exactly one send more than the last;
/// * free: nobody waits and bits merge, but the last send of each channel must arrive, after its
///   count was announced.
///
/// Meanwhile the harts turn UIE and Active off and on at random times (seed=N). Runs best with
/// parallel harts. Prints `info sends`, `info received`, `info ticks`.

#include "platform/tests/lib/atomic.hpp"
#include "platform/tests/lib/clock.hpp"
#include "platform/tests/lib/console.hpp"
#include "platform/tests/lib/scene.hpp"
#include "platform/tests/lib/test.hpp"
#include "platform/tests/lib/uipi.hpp"

namespace {

constexpr uint64_t max_harts = 4;
constexpr uint64_t vectors = 64;
constexpr uint64_t channels_of_a_pair = vectors / max_harts;

struct alignas(64) Channel {
    uint64_t sent;
    uint64_t received;
    uint64_t interrupts;
};
constinit Channel channels[max_harts][vectors] = {}; // [receiver][vector]

/// A receiver's findings; written by its own hart only.
struct alignas(64) Findings {
    uint64_t doubled; ///< bits without a send that was not yet taken
    uint64_t empty;   ///< interrupts without a pending bit
    uint64_t stuck;   ///< sends given up, because nothing was acknowledged for a long time
    uint64_t missing; ///< 1: the last send of some channel has not arrived
    Traps traps;
};
constinit Findings findings[max_harts] = {};

constinit uint64_t places[MAX_HARTS] = {}; ///< place of a hart id among the harts taking part
constinit uint64_t harts_there = 0;
constinit uint64_t sends_of_each = 0;
constinit bool acknowledged = false;
constinit uint64_t finished = 0;

uint64_t entry_index(uint64_t receiver, uint64_t vector) { return receiver * vectors + vector; }

void take_acknowledged_vector(Channel& channel, Findings& found) {
    const uint64_t sent = acquire(channel.sent);
    if (channel.received + 1 != sent)
        found.doubled++;
    channel.interrupts++;
    release(channel.received, sent);
}

/// Free sends may find a channel already up to date: its count ran ahead of the interrupt.
void take_free_vector(Channel& channel) {
    channel.interrupts++;
    release(channel.received, acquire(channel.sent));
}

void handle(Frame&, Hart& hart) {
    const uint64_t own = places[hart.id];
    Findings& found = findings[own];
    const uint64_t pending = uipi::read_before_loads();
    if (pending == 0)
        found.empty++;
    for (uint64_t vector = 0; vector < vectors; vector++) {
        if ((pending & bit(vector)) == 0)
            continue;
        if (acknowledged)
            take_acknowledged_vector(channels[own][vector], found);
        else
            take_free_vector(channels[own][vector]);
    }
}

bool send_through(uint64_t receiver, uint64_t vector) {
    Channel& channel = channels[receiver][vector];
    if (acknowledged && acquire(channel.received) != channel.sent)
        return false;
    release(channel.sent, channel.sent + 1);
    uipi::send_after_stores(entry_index(receiver, vector));
    return true;
}

/// Sends once through every channel of this hart that is free; answers how many were.
uint64_t send_round(uint64_t own) {
    uint64_t sends = 0;
    for (uint64_t receiver = 0; receiver < harts_there; receiver++)
        for (uint64_t i = 0; receiver != own && i < channels_of_a_pair; i++)
            if (send_through(receiver, own * channels_of_a_pair + i))
                sends++;
    return sends;
}

/// Lets nothing in for a while, in one of the two ways there are.
void pause_reception(uint64_t chance) {
    if (chance == 0) {
        csr::clear<csr::ustatus>(status::uie);
        linger();
        csr::set<csr::ustatus>(status::uie);
    } else if (chance == 1) {
        uipi::deactivate();
        linger();
        uipi::activate();
    }
}

bool all_received(uint64_t own) {
    for (const Channel& channel : channels[own])
        if (acquire(channel.sent) != acquire(channel.received))
            return false;
    return true;
}

/// In U-mode: sends its share, then goes on receiving until all harts have sent theirs.
uint64_t exchange(uint64_t seed) {
    const uint64_t own = places[user_hart().id];
    Random random{seed + own};
    uint64_t left = sends_of_each;
    while (left > 0) {
        uint64_t sends = 0;
        if (!wait_until([&] { return (sends = send_round(own)) > 0; }))
            break;
        left -= sends < left ? sends : left;
        pause_reception(random.below(16));
    }
    findings[own].stuck += left;
    fetch_add(finished, 1);
    while (acquire(finished) < harts_there) { // every hart gets there, however slow the host is
    }
    if (!wait_until([=] { return all_received(own); }))
        findings[own].missing++;
    return 0;
}

void exchange_job(uint64_t seed) {
    reset_own_registers();
    const uint64_t own = places[this_hart().id];
    own_receiver(own);
    use_table(table);
    let_user_take(usi);
    findings[own].traps = run_user(exchange, seed, {.handler = handle}).traps;
}

void prepare(bool with_acknowledgement) {
    harts_there = board.hart_count < max_harts ? board.hart_count : max_harts;
    acknowledged = with_acknowledgement;
    sends_of_each = board.argument("sends", 1'000'000) / 2 / harts_there;
    finished = 0;
    for (uint64_t place = 0; place < harts_there; place++) {
        places[board.hart_after_this(place)] = place;
        findings[place] = {};
        for (uint64_t vector = 0; vector < vectors; vector++) {
            channels[place][vector] = {};
            table.set(entry_index(place, vector), sender_entry(place, vector));
        }
    }
}

void run_harts() {
    const uint64_t seed = board.argument("seed", 1);
    const uint64_t start = csr::read<csr::time>();
    for (uint64_t place = 1; place < harts_there; place++)
        start_hart(board.hart_after_this(place), exchange_job, seed);
    exchange_job(seed);
    for (uint64_t place = 1; place < harts_there; place++)
        expect("the hart has ended", wait_for_hart(board.hart_after_this(place)));
    console::print("info ticks ", csr::read<csr::time>() - start, "\n");
}

void check_harts() {
    for (uint64_t place = 0; place < harts_there; place++) {
        const Findings& found = findings[place];
        concerning("hart", place);
        expect_equal("sends without an acknowledgement", 0, found.stuck);
        expect_equal("last sends that did not arrive", 0, found.missing);
        expect_equal("bits without a send", 0, found.doubled);
        expect_equal("interrupts without a pending bit", 0, found.empty);
        expect_equal("traps in S", 0, found.traps.supervisor.count);
        expect_equal("traps in M", 0, found.traps.machine.count);
        expect("interrupts came", found.traps.user.count > 0);
    }
}

/// Sums the channels up; with acknowledgement every send has made one bit.
void check_channels() {
    uint64_t sends = 0;
    uint64_t received = 0;
    for (uint64_t place = 0; place < harts_there; place++) {
        for (const Channel& channel : channels[place]) {
            expect_equal("last send that was seen", channel.sent, channel.received);
            if (acknowledged)
                expect_equal("bits of a channel", channel.sent, channel.interrupts);
            else
                expect("bits of a channel", channel.interrupts <= channel.sent);
            sends += channel.sent;
            received += channel.interrupts;
        }
        expect_equal("left over", 0, board.uintc.receiver(place).take());
    }
    expect("enough sends", sends >= sends_of_each * harts_there);
    console::print("info sends ", sends, "\ninfo received ", received, "\n");
}

} // namespace

CASE(acknowledged_sends_arrive_exactly_once, Needs::two_harts) {
    prepare(true);
    run_harts();
    check_harts();
    check_channels();
}

CASE(free_sends_arrive_in_the_end, Needs::two_harts) {
    prepare(false);
    run_harts();
    check_harts();
    check_channels();
}

void guest_main() { run_user_interrupt_cases(); }
