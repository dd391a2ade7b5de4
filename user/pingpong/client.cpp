// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The client of ping-pong, to be tested: some calls with few and many at a time, with a server
/// that works much or little, and every answer is looked at. Read next: pingpong.hpp.
/// @stage{5}
#include "user/lib/console.hpp"
#include "user/lib/program.hpp"
#include "user/pingpong/pingpong.hpp"

namespace {

using abi::Word;

alignas(64) constinit std::byte memory[128 * user::frame_bytes] = {};

bool check(user::Caller& caller, unsigned concurrency, Word load) {
    pingpong::Outcome outcome;
    pingpong::Cost cost;
    const pingpong::Plan plan{.concurrency = concurrency, .load = load, .calls = 400};
    const bool ran = pingpong::run(caller, plan, outcome, cost);
    const bool good = ran && outcome.calls == concurrency * plan.calls && outcome.wrong == 0 &&
                      outcome.failed == 0;
    println("pingpong: ", concurrency, " at a time, load ", load, ": ", outcome.calls, " calls, ",
            outcome.wrong, " wrong, ", outcome.failed, " failed, ", cost.traps, " traps, ",
            cost.notifications, " notifications, ", user::nanoseconds(cost.ticks) / outcome.calls,
            " ns each", good ? "" : ": FAILED");
    return good;
}

} // namespace

int main() {
    user::Caller caller(memory, pingpong::service);
    bool good = caller.connected();
    for (const unsigned concurrency : {1U, 8U, 32U})
        for (const Word load : {Word{0}, Word{200}})
            good = good && check(caller, concurrency, load);
    return good ? 0 : 1;
}
