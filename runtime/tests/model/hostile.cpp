// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A side that writes what it likes into its counters and state words, at any time: whoever shares
/// a ring with it stays inside the ring, ends each look after a few steps, and finds out.
/// Read next: revocation.cpp.
/// @stage{4}
#include "runtime/tests/model/sides.hpp"

#include <doctest/doctest.h>

namespace {

using model::Side;
using model::Word;
using model::World;

constexpr unsigned lines = 2;
using Small = World<lines>;

/// Of a ring of two lines: possible ones, some that go too far, backwards or between lines.
constexpr Word counters[] = {64, 128, 192, 8, 0, ~Word{0}, ~Word{63}, Word{1} << 63};

void stays_inside(const rt::Run& run, const abi::Item* first) {
    explore::check(run.first >= first && run.last <= first + lines, "lines are of the ring");
    explore::check(run.first <= run.last, "a run ends behind its beginning");
}

/// Takes whatever seems to be there, in two bursts, and answers it. Never waits.
void serve(Small& world) {
    Side side = world.server();
    for (unsigned burst = 0; burst < 2; burst++) {
        if (side.ends.in.stopped() && side.ends.in.refill() == rt::Ring::corrupt)
            return;
        const rt::Run run = side.ends.in.take(side.ends.in.run());
        stays_inside(run, world.buffer.request);
        for (const abi::Item& item : run) {
            if (side.ends.out.stopped() && side.ends.out.refill() != rt::Ring::ready)
                break;
            const rt::Run answer = side.ends.out.take(abi::line_bytes);
            stays_inside(answer, world.buffer.reply);
            answer.first->id.store_relaxed(item.id.load_relaxed());
        }
        static_cast<void>(side.end(true));
    }
}

void passes(const explore::Outcome& outcome) { CHECK_MESSAGE(outcome.passed(), outcome.report()); }

} // namespace

TEST_CASE("model: counters that are set to anything, at any time") {
    for (const Word tail : counters)
        for (const Word head : counters)
            passes(explore::all("hostile counters", [=] {
                Small world;
                explore::threads({{"hostile",
                                   [&] {
                                       world.buffer.header.client.out.tail.store_relaxed(tail);
                                       world.buffer.header.client.in.head.store_relaxed(head);
                                       world.buffer.header.client.out.tail.store_relaxed(head);
                                   }},
                                  {"server", [&] { serve(world); }}});
            }));
}

TEST_CASE("model: state words that are set to anything, and the own ones overwritten") {
    for (const Word state : {Word{0}, Word{1}, Word{2}, ~Word{0}})
        passes(explore::all(
            "hostile states",
            [=] {
                Small world;
                explore::threads({{"hostile",
                                   [&] {
                                       world.buffer.header.client.out.tail.store_relaxed(64);
                                       world.buffer.header.client.in.state.store_relaxed(state);
                                       world.buffer.header.server.out.tail.store_relaxed(state);
                                       world.buffer.header.server.in.state.store_relaxed(state);
                                   }},
                                  {"server", [&] { serve(world); }}});
                // It may be notified for nothing, but not more often than it wrote something.
                explore::check(world.to_client.sent() <= 2, "a burst notifies once");
            },
            {.preemptions = 3}));
}
