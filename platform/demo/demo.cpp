// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Two user programs on two harts play ball with user interrupts, while each of them counts.
///
///     hart 0, U-mode                        hart 1, U-mode
///     counts ... <interrupted>  ---send-->  counts ... <interrupted>
///                handler        <--send---             handler
///
/// Every trap that any privilege takes meanwhile is recorded: the table at the end shows that
/// neither S- nor M-mode was entered. The machine is set up in S-mode, as a kernel would.
/// Read next: platform/tests/lib/scene.hpp (what is set up), trap.S (the way into the handler).

#include "platform/tests/lib/console.hpp"
#include "platform/tests/lib/environment.hpp"
#include "platform/tests/lib/scene.hpp"
#include "platform/tests/lib/uipi.hpp"

namespace {

constexpr uint64_t matches = 4;

struct Score {
    Traps traps;
    uint64_t counted;
};

/// Written by the hart it belongs to, read by hart 0 when that hart's match is over.
constinit Score scores[2] = {};

/// Rounds of a match; constant while a match is played.
constinit uint64_t rounds = 0;

/// The handler of either player, in U-mode: takes the ball and plays it back. Hart 0, who
/// served, keeps the last one.
void play_back(Frame&, Hart& hart) {
    (void)uipi::read_before_loads();
    if (hart.id == 1 || hart.traps.user.count < rounds)
        uipi::send_after_stores(0);
}

/// A player, in U-mode: serves, then minds its own business until the match is over.
uint64_t play(uint64_t serves) {
    const volatile uint64_t& returned = user_hart().traps.user.count;
    uint64_t counted = 0;
    if (serves != 0)
        uipi::send_after_stores(0);
    while (returned < rounds)
        counted = counted + 1;
    return counted;
}

/// A hart's part of a match, in S-mode: its receiver, its one sender entry, then U-mode.
void take_part(uint64_t) {
    const uint64_t self = this_hart().id;
    SenderTable& senders = self == 0 ? table : other_table;
    own_receiver(self);
    senders.set(0, sender_entry(1 - self, self));
    use_table(senders);
    let_user_take(usi);
    const Run run = run_user(play, self == 0 ? 1 : 0, {.handler = play_back});
    scores[self] = {run.traps, run.value};
}

void print_right(uint64_t number, uint64_t width) {
    uint64_t digits = 1;
    for (uint64_t rest = number; rest >= 10; rest /= 10)
        digits++;
    for (; digits < width; digits++)
        console::print(" ");
    console::print(number);
}

void print_row(const char* what, uint64_t hart0, uint64_t hart1) {
    console::print("  ", what);
    print_right(hart0, 12);
    print_right(hart1, 12);
    console::print("\n");
}

bool is_clean(const Score& score) {
    return score.traps.user.count == rounds && score.traps.supervisor.count == 0 &&
           score.traps.machine.count == 0;
}

/// Plays one match and answers whether every ball came back and no kernel was needed.
bool play_match(uint64_t number) {
    // The other player's receiver must stand before the first ball is sent to it.
    board.uintc.receiver(1).write_low(low::active | low::mode | low::hart(1));
    start_hart(1, take_part);
    take_part(0);
    if (!wait_for_hart(1))
        return false;
    console::print("match ", number, " of ", matches, ": ", rounds, " rounds\n");
    return is_clean(scores[0]) && is_clean(scores[1]);
}

} // namespace

void guest_main() {
    if (!board.uintc.present() || board.hart_count < 2) {
        console::print("This demo needs two harts and a user-interrupt controller.\n");
        end_machine(1);
    }
    reset_user_interrupts();
    rounds = board.argument("rounds", 5000);
    console::print("Two user programs, each on its own hart, interrupt each other.\n");
    bool clean = true;
    for (uint64_t number = 1; number <= matches && clean; number++)
        clean = play_match(number);

    const Traps& first = scores[0].traps;
    const Traps& second = scores[1].traps;
    console::print("\nThe last match, counted by the machine's own trap handlers:\n\n",
                   "                                  hart 0      hart 1\n");
    print_row("user interrupts taken       ", first.user.count, second.user.count);
    print_row("traps into the kernel (S)   ", first.supervisor.count, second.supervisor.count);
    print_row("traps into firmware (M)     ", first.machine.count, second.machine.count);
    print_row("own work done meanwhile     ", scores[0].counted, scores[1].counted);
    console::print(clean ? "\nEvery interrupt went from program to program: no kernel in between.\n"
                         : "\nFAILED: an interrupt was lost, or a kernel was entered.\n");
    end_machine(clean ? 0 : 1);
}
