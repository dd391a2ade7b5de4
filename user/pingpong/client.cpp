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

bool check(unsigned concurrency, Word load) {
    pingpong::Outcome outcome;
    pingpong::Cost cost;
    const pingpong::Plan plan{.concurrency = concurrency, .load = load, .calls = 400};
    const bool ran = pingpong::run(plan, outcome, cost);
    const bool good = ran && outcome.calls == concurrency * plan.calls && outcome.wrong == 0 &&
                      outcome.failed == 0;
    println("pingpong: ", concurrency, " at a time, load ", load, ": ", outcome.calls, " calls, ",
            outcome.wrong, " wrong, ", outcome.failed, " failed, ", cost.traps, " traps, ",
            cost.notifications, " notifications", good ? "" : ": FAILED");
    return good;
}

int check_all() {
    bool good = true;
    for (const unsigned concurrency : {1U, 8U, 32U})
        for (const Word load : {Word{0}, Word{200}})
            good = check(concurrency, load) && good;
    return good ? 0 : 1;
}

} // namespace

int main() { return pingpong::with_server(check_all); }
