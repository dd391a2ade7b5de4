// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What a call of a coroutine costs, in instructions of both sides together: it is put in, taken,
/// answered, and its coroutine resumed. A process is both sides, so nobody sleeps. The judge counts
/// from outside: two runs of different length, so that what is not a call counts for nothing.
#include "labs/5-runtime/tests/process/task.hpp"
#include "labs/lib/judge/judge.hpp"

using namespace judge;

namespace {

constexpr Word width = 16; ///< calls in flight

/// Instructions of a process that makes so many calls to itself; 0 if it fails.
Word cost(Word calls) {
    World world;
    const Word count = calls / width;
    if (!world.start(1, {.role = Role::measure, .count = count, .burst = width, .key = 5}))
        return 0;
    const Word before = instructions();
    if (!world.finish())
        return 0;
    const Word after = instructions();
    abi::BufferHeader& header = world.header();
    test::expect("all calls went through the ring, and all answers",
                 header.client.out.tail.load_relaxed() == calls * abi::line_bytes &&
                     header.server.in.head.load_relaxed() == calls * abi::line_bytes &&
                     header.server.out.tail.load_relaxed() == calls * abi::line_bytes);
    return after - before;
}

} // namespace

TEST("speed: instructions of 100 calls of 16 coroutines, both sides together") {
    tell_cost_of_100_calls(cost);
}
