// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What a call through the rings costs, in instructions of both sides together: put in, published,
/// taken, answered, published, taken. A process is both sides, so nobody sleeps. The judge counts
/// from outside: two runs of different length, so that what is not a call counts for nothing.
#include "labs/4-rings/tests/guest/inputs.hpp"

using namespace judge;

namespace {

constexpr Word burst = 8;

/// Instructions of a process that makes so many calls to itself; 0 if it fails.
Word cost(Word count) {
    World world;
    if (!world.start(1, {.role = Role::measure, .count = count, .burst = burst}))
        return 0;
    const Word before = instructions();
    if (!world.finish())
        return 0;
    const Word after = instructions();
    abi::BufferHeader& header = world.header();
    const Word bytes = count * abi::line_bytes;
    test::expect("all calls went through the ring, and all answers",
                 header.client.out.tail.load_relaxed() == bytes &&
                     header.server.in.head.load_relaxed() == bytes &&
                     header.server.out.tail.load_relaxed() == bytes &&
                     header.client.in.head.load_relaxed() == bytes);
    for (Word i = count - party::ring_lines.replies; i < count; i++) {
        const Word line = i % party::ring_lines.replies;
        test::expect_equal("the first word of an answer", i + 1,
                           world.replies()[line].words[0].load_relaxed());
    }
    return after - before;
}

} // namespace

TEST("speed: instructions of 100 calls through the rings, in bursts of 8") {
    tell_cost_of_100_calls(cost);
}
