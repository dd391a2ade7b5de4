// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Two processes at the two ends of a buffer, each with the code of the exercises, on one hart or
/// on two.
/// Read next: speed.cpp.
#include "labs/4-rings/tests/guest/inputs.hpp"

using namespace judge;

namespace {

/// Messages from one process to another.
void stream(Word hart, Word longest, const Place& place = Place::current()) {
    World world(place);
    Draw draw(7 + longest + hart);
    const Word count = 2000 / (longest / 2 + 8);
    const Word words = draw_messages(draw, world.side(0).input, count, longest);
    const bool started =
        world.start(1, {.role = Role::receive, .count = count, .hart = hart}) &&
        world.start(0, {.role = Role::send, .count = count, .burst = 1 + draw.below(6)});
    if (!started || !world.finish() || !expect_messages(world.side(0), words, world.side(1), place))
        return;
    test::expect("a consumer is not notified more often than something is put in",
                 world.side(0).notifications <= count, place);
}

/// Calls of one process to another.
void calls(Word hart, const Place& place = Place::current()) {
    constexpr Word count = 160;
    World world(place);
    Draw draw(8 + hart);
    const Word key = draw.word();
    draw_lines(draw, world.side(0).input, count);
    const bool started =
        world.start(1, {.role = Role::serve, .count = count, .key = key, .hart = hart}) &&
        world.start(0, {.role = Role::call, .count = count, .burst = 1 + draw.below(12)});
    if (!started || !world.finish() ||
        !expect_lines("words of answers", world.side(0), world.side(0), count, key, place))
        return;
    test::expect("a server is not notified more often than something is put in",
                 world.side(0).notifications <= count, place);
    test::expect("a client is not notified more often than it is answered",
                 world.side(1).notifications <= count, place);
}

} // namespace

TEST("pair-stream: messages of all lengths, from one process to another") {
    stream(0, abi::message_words);
    stream(0, 12);
}

TEST("pair-calls: calls and answers of two processes") { calls(0); }

TEST("pair-stream-harts: messages of all lengths, from one hart to another") {
    stream(1, abi::message_words);
    stream(1, 12);
}

TEST("pair-calls-harts: calls and answers between two harts") { calls(1); }
