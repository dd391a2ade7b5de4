// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Tests with one process that has no peer: the judge draws what it is to do, and knows from a
/// model what must come of it.
/// Read next: calls.cpp.
#include "labs/5-runtime/tests/process/task.hpp"
#include "labs/lib/judge/judge.hpp"

#include <algorithm>

using namespace judge;

namespace {

/// What a process has written, word by word.
bool expect_output(const Side& side, const char* what, const Word* expected, Word count,
                   const Place& place = Place::current()) {
    const Word got = side.task->taken.load_relaxed();
    for (Word i = 0; i < std::min(count, got); i++) {
        if (side.output[i] == expected[i])
            continue;
        test::fail(place, what, ", number ", i, " of ", count, ": expected ", expected[i], ", got ",
                   Word{side.output[i]});
        return false;
    }
    if (got != count)
        test::fail(place, what, ": expected ", count, " of them, got ", got);
    return got == count;
}

Word expected[party::data_words];

} // namespace

TEST("frames-machine: frames by chance, from a pool in another process") {
    constexpr Word count = 400;
    constexpr Word blocks = 8;
    constexpr Word block_bytes = 256;
    constexpr Word most = block_bytes - 32;
    World world;
    Draw draw(1);
    Word free[blocks]; // a stack: what came back last is on top
    Word in_use[count];
    Word oldest = 0;
    Word newest = 0;
    Word left = blocks;
    for (Word i = 0; i < blocks; i++)
        free[i] = blocks - 1 - i;
    for (Word i = 0; i < count; i++) {
        const Word bytes = draw.below(5) < 2 ? 0 : 1 + draw.below(block_bytes);
        world.side(0).input[i] = bytes;
        expected[i] = 0;
        if (bytes == 0 && oldest != newest) {
            free[left++] = in_use[oldest++];
        } else if (bytes != 0 && bytes <= most && left != 0) {
            in_use[newest] = free[--left];
            expected[i] = in_use[newest++] * block_bytes + 32 + 1;
        }
    }
    if (world.start(0, {.role = Role::frames, .count = count, .burst = blocks}) && world.finish())
        expect_output(world.side(0), "offset of a frame in the pool, 1 more (0: there is none)",
                      expected, count);
}

TEST("turns-machine: coroutines of several priorities take turns, in another process") {
    constexpr Word count = 80;
    World world;
    Draw draw(2);
    Word left[count];
    Word priority[count];
    Word total = 0;
    for (Word i = 0; i < count; i++) {
        priority[i] = draw.below(3) * 15;
        left[i] = draw.below(6);
        world.side(0).input[i] = party::turns_of(priority[i], left[i]);
    }
    for (Word level = 32; level-- > 0;) {
        for (bool somebody = true; somebody;) {
            somebody = false;
            for (Word i = 0; i < count; i++) {
                if (priority[i] != level || left[i] == 0)
                    continue;
                left[i]--;
                expected[total++] = i;
                somebody = true;
            }
        }
    }
    if (world.start(0, {.role = Role::turns, .count = count}) && world.finish())
        expect_output(world.side(0), "the coroutine that is resumed", expected, total);
}

TEST("timers-machine: coroutines sleep, and wake in the order of their deadlines") {
    constexpr Word count = 100;
    World world;
    Draw draw(3);
    for (Word i = 0; i < count; i++) {
        world.side(0).input[i] = 1 + draw.below(40);
        expected[i] = i;
    }
    for (Word i = 1; i < count; i++) { // those of equal deadlines stay in their order
        for (Word k = i;
             k > 0 && world.side(0).input[expected[k]] < world.side(0).input[expected[k - 1]]; k--)
            std::swap(expected[k], expected[k - 1]);
    }
    if (world.start(0, {.role = Role::sleep, .count = count}) && world.finish())
        expect_output(world.side(0), "the coroutine that wakes", expected, count);
}
