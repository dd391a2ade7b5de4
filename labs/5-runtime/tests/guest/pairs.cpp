// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Two processes with coroutines, on one hart and on two; and what a call costs.
#include "labs/5-runtime/tests/guest/calls.hpp"

#include <algorithm>

using namespace judge;

namespace {

/// Calls of one process to another, whose handler answers at once or is a coroutine. False if
/// something is wrong.
bool calls(Role how, Word hart, const Place& place = Place::current()) {
    constexpr Word count = 300;
    World world(place);
    Draw draw(33 + hart);
    const Word key = draw.word();
    draw_calls(draw, world.side(0).input, count);
    const bool started =
        world.start(1, {.role = how, .count = count, .key = key, .hart = hart}) &&
        world.start(0, {.role = party::ask, .count = count, .burst = 1 + draw.below(14)});
    return started && world.finish() && expect_answers(world.side(0), count, key, place) &&
           test::expect("a server is not notified more often than something is put in",
                        world.side(0).notifications <= count, place) &&
           test::expect("a client is not notified more often than it is answered",
                        world.side(1).notifications <= count, place);
}

Word instructions() {
    Word count;
    asm volatile("rdcycle %0" : "=r"(count) : : "memory"); // the emulator counts instructions
    return count;
}

/// Instructions of a process that makes so many calls to itself; 0 if it fails.
Word cost(Word count) {
    World world;
    Draw draw(34);
    const Word key = draw.word();
    draw_calls(draw, world.side(0).input, party::most_calls);
    std::copy_n(world.side(0).input, party::most_calls * 2, world.side(1).input);
    if (!world.start(1, {.role = party::both, .count = count, .burst = 8, .key = key}))
        return 0;
    const Word before = instructions();
    if (!world.finish())
        return 0;
    const Word after = instructions();
    abi::BufferHeader& header = world.header();
    const Word bytes = count * abi::line_bytes;
    test::expect("all calls went through the ring, and all answers",
                 header.client.out.tail.load_relaxed() == bytes &&
                     header.server.out.tail.load_relaxed() == bytes);
    expect_answers(world.side(1), std::min(count, party::most_calls), key);
    return after - before;
}

} // namespace

TEST("pair-harts: calls between processes on one hart and on two, answered at once or later") {
    static_cast<void>(calls(party::answer, 0) && calls(party::answer_later, 0) &&
                      calls(party::answer, 1) && calls(party::answer_later, 1));
}

TEST("speed: instructions of 100 calls of coroutines, 8 at a time, client and server") {
    constexpr Word few = 1600;
    constexpr Word many = 17600;
    const Word less = cost(few);
    const Word more = less == 0 ? 0 : cost(many);
    if (more != 0)
        test::value((more - less) * 100 / (many - few));
}
