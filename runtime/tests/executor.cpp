// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Who runs when: priorities, turns among equals, bursts, time.
/// Read next: runtime/executor.hpp.
/// @stage{5}
#include "runtime/ipc.hpp"

#include <algorithm>
#include <doctest/doctest.h>
#include <string>
#include <vector>

namespace {

using abi::Word;
using rt::FramePool;
using rt::Frames;
using rt::Task;

Word clock_time = 0;
Word now() { return clock_time; }

struct World {
    alignas(64) std::byte memory[1024 * 128];
    FramePool pool{memory, 1024};
    rt::Executor executor{pool, now};
    std::string order;

    World() { clock_time = 0; }
};

Task<> say(Frames /*frames*/, World* world, char letter, unsigned times) {
    for (unsigned i = 0; i < times; i++) {
        world->order += letter;
        co_await rt::yield();
    }
}

Task<> spawn_more(Frames frames, World* world) {
    world->order += 'a';
    world->executor.spawn(say(frames, world, 'x', 2), 9);
    co_await rt::yield();
    world->order += 'b';
}

Task<> sleeper(Frames /*frames*/, World* world, char letter, Word deadline) {
    co_await rt::sleep_until(deadline);
    world->order += letter;
}

} // namespace

TEST_CASE("executor: the lowest and the highest bit of a word") {
    for (unsigned low = 0; low < 64; low++) {
        for (unsigned high = low; high < 64; high++) {
            const Word between = abi::mask(high) & ~abi::mask(low) & 0x5a5a'1234'ffff'0003;
            const Word word = Word{1} << low | Word{1} << high | between;
            CHECK(rt::lowest_bit(word) == low);
            CHECK(rt::highest_bit(word) == high);
        }
    }
}

TEST_CASE("executor: the most important runs first, equals take turns") {
    World world;
    world.executor.spawn(say(world.pool, &world, 'l', 2), 0);
    world.executor.spawn(say(world.pool, &world, 'a', 3), 5);
    world.executor.spawn(say(world.pool, &world, 'b', 2), 5);
    world.executor.spawn(say(world.pool, &world, 'H', 2), 31);
    world.executor.run_until_idle();
    CHECK(world.order == "HHababall");
    CHECK(world.pool.used() == 0);
}

TEST_CASE("executor: somebody more important runs before the rest of a burst") {
    World world;
    world.executor.spawn(spawn_more(world.pool, &world), 4);
    world.executor.spawn(say(world.pool, &world, 'c', 1), 4);
    world.executor.spawn(say(world.pool, &world, 'd', 1), 4);
    world.executor.run_until_idle();
    CHECK(world.order == "axxcdb");
}

TEST_CASE("executor: more than a burst of equals keep their order") {
    World world;
    for (unsigned i = 0; i < 100; i++)
        world.executor.spawn(say(world.pool, &world, static_cast<char>(i), 2), 1);
    world.executor.run_until_idle();
    REQUIRE(world.order.size() == 200);
    for (unsigned i = 0; i < 200; i++)
        CHECK(world.order[i] == static_cast<char>(i % 100));
}

TEST_CASE("executor: all priorities, in random order") {
    World world;
    for (unsigned i = 0; i < 64; i++) {
        const unsigned priority = i * 37 % 32;
        world.executor.spawn(say(world.pool, &world, static_cast<char>('A' + priority), 1 + i % 3),
                             priority);
    }
    world.executor.run_until_idle();
    CHECK(std::is_sorted(world.order.rbegin(), world.order.rend()));
    CHECK(world.pool.used() == 0);
}

TEST_CASE("executor: sleepers wake in the order of their deadlines, not before") {
    World world;
    world.executor.spawn(sleeper(world.pool, &world, 'c', 30), 1);
    world.executor.spawn(sleeper(world.pool, &world, 'a', 10), 1);
    world.executor.spawn(sleeper(world.pool, &world, 'b', 20), 1);
    world.executor.spawn(sleeper(world.pool, &world, 'B', 20), 1);
    CHECK(world.executor.run_until_idle().deadline == 10);
    CHECK(world.order.empty());
    clock_time = 15;
    CHECK(world.executor.run_until_idle().deadline == 20);
    CHECK(world.order == "a");
    clock_time = 100;
    CHECK(world.executor.run_until_idle().deadline == 0);
    CHECK(world.order == "abBc");
}

TEST_CASE("executor: timers in random order, some taken out") {
    rt::TimerQueue queue;
    std::vector<rt::Timer> timers(200);
    for (unsigned i = 0; i < timers.size(); i++) {
        timers[i].deadline = i * 7919 % 101;
        queue.add(timers[i]);
    }
    for (unsigned i = 0; i < timers.size(); i += 3)
        queue.remove(timers[i]);
    queue.remove(timers[0]); // no harm
    Word last = 0;
    unsigned count = 0;
    while (queue.first() != nullptr) {
        CHECK(queue.first()->deadline >= last);
        last = queue.first()->deadline;
        queue.remove(*queue.first());
        count++;
    }
    CHECK(count == 133);
}
