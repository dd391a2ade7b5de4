// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A process that serves a client which the judge plays by hand.
/// Read next: pairs.cpp.
#include "labs/5-runtime/tests/guest/calls.hpp"

#include <algorithm>

using namespace judge;

TEST("server-machine: a process answers requests in their order, each with its own id") {
    constexpr Word count = 400;
    World world;
    Draw draw(32);
    const Word key = draw.word();
    const Word* const input = world.side(0).input;
    draw_calls(draw, world.side(0).input, count);
    if (!world.start(1, {.role = party::answer, .count = count, .key = key}))
        return;
    ByHand client(world, true);
    Word answered = 0;
    for (Word asked = 0; asked < count;) {
        const Word burst = std::min(count - asked, 1 + draw.below(party::ring_lines.requests));
        for (Word i = 0; i < burst; i++, asked++)
            client.put({static_cast<uint32_t>(0x1234'0000 + asked * 16),
                        abi::ItemInfo::make(party::simple, 2),
                        {input[asked * 2], input[asked * 2 + 1]}});
        client.notify();
        bool right = true;
        if (!world.until(
                "an answer",
                [&] {
                    for (ByHand::Line line; right && client.take(line); answered++)
                        right = test::expect_equal("the id of an answer",
                                                   0x1234'0000 + answered * 16, line.id) &&
                                test::expect_equal("words of an answer", 1, line.info.length()) &&
                                test::expect_equal("an answer", answer_to(input, answered, key),
                                                   line.words[0]);
                    client.notify();
                    return answered == asked || !right;
                }) ||
            !right)
            return;
    }
    world.finish();
}
