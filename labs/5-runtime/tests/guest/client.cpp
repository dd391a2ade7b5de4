// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A process whose coroutines call a server that the judge plays by hand: it answers in any order.
/// Read next: server.cpp.
#include "labs/5-runtime/tests/guest/calls.hpp"

#include <utility>

using namespace judge;

TEST("client-machine: coroutines of a process are woken by their own answers, in any order") {
    constexpr Word count = 300;
    World world;
    Draw draw(31);
    const Word key = draw.word();
    draw_calls(draw, world.side(0).input, count);
    if (!world.start(0, {.role = party::ask, .count = count, .burst = 1 + draw.below(12)}))
        return;
    ByHand server(world, false);
    ByHand::Line open[party::ring_lines.requests];
    Word waiting = 0;
    for (Word answered = 0; answered < count;) {
        if (!world.until("a request", [&] {
                while (waiting < party::ring_lines.requests && server.take(open[waiting]))
                    waiting++;
                server.notify(); // there is room again
                return waiting != 0;
            }))
            return;
        for (Word left = 1 + draw.below(waiting); left > 0; left--, answered++) {
            std::swap(open[draw.below(waiting)], open[waiting - 1]);
            ByHand::Line line = open[--waiting];
            if (!test::expect_equal("words of a request", 2, line.info.length()))
                return;
            line.words[0] ^= key;
            const bool wide = line.info.label() == party::wide;
            if (!wide)
                line.words[0] += line.words[1];
            line.info = abi::ItemInfo::make(line.info.label(), wide ? 2 : 1);
            server.put(line);
        }
        server.notify();
    }
    if (world.finish())
        expect_answers(world.side(0), count, key);
}
