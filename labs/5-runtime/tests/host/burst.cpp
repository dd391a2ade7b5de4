// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Exercise 5.3: who is resumed, in which order, and how often before others have a turn. A
/// connection that is dispatched once a round shows where bursts end.
/// Read next: replies.cpp.
#include "labs/5-runtime/tests/host/setting.hpp"
#include "runtime/ipc.hpp"

#include <deque>
#include <map>

namespace {

/// A buffer of a connection whose peer does nothing.
struct Buffer {
    static constexpr abi::RingLines lines{16, 16};
    std::unique_ptr<std::byte, decltype(&std::free)> memory{
        static_cast<std::byte*>(std::aligned_alloc(64, abi::buffer_bytes(lines))), std::free};
    rt::SharedBuffer buffer{memory.get(), lines};

    Buffer() { buffer.initialise(); }
};

/// A connection that is dispatched before each burst, and counts the resumptions of the last one.
class Watch : Buffer, public rt::Connection {
public:
    explicit Watch(rt::Executor& executor)
        : Connection(executor, buffer.client(), {}, rt::priorities - 1,
                     {.dispatch = dispatched,
                      .put = [](Connection&, rt::PromiseBase&) { return true; },
                      .fail = [](Connection&, rt::PromiseBase&) {},
                      .end_calls = [](Connection&) {}}) {
        executor.attach(*this, 0);
    }
    /// Resumptions of each burst.
    [[nodiscard]] std::vector<unsigned> bursts() {
        end_burst();
        return bursts_;
    }
    unsigned resumed = 0; ///< since the burst began

private:
    static void dispatched(Connection& self) { static_cast<Watch&>(self).end_burst(); }
    void end_burst() {
        if (resumed != 0)
            bursts_.push_back(std::exchange(resumed, 0));
    }
    std::vector<unsigned> bursts_;
};

/// What is resumed is written down.
struct World {
    Blocks blocks{128};
    rt::Executor executor{blocks.pool};
    Watch watch{executor};
    std::string order;
};

/// Says its letter, and lets others run, so often.
Played say(Home /*home*/, World* world, char letter, unsigned times) {
    for (unsigned i = 0; i < times; i++) {
        world->order += letter;
        world->watch.resumed++;
        co_await rt::yield();
    }
    world->watch.resumed++;
}

void ready_to_say(World& world, char letter, unsigned times, rt::Priority priority) {
    say(world.blocks, &world, letter, times).wake(world.executor, priority);
}

/// Makes others ready who are more important, goes on later, and ends.
Played wake_important(Home /*home*/, World* world) {
    world->order += 'a';
    ready_to_say(*world, 'X', 2, 9);
    ready_to_say(*world, 'Y', 1, 9);
    co_await rt::yield();
    world->order += 'A';
}

/// A connection whose messages find no line: what becomes of them is written down.
class Full : Buffer, public rt::Connection {
public:
    explicit Full(World& world)
        : Connection(world.executor, buffer.client(), {}, 0,
                     {.dispatch = [](Connection&) {},
                      .put = put,
                      .fail = [](Connection&, rt::PromiseBase&) {},
                      .end_calls = [](Connection&) {}}),
          world_(world) {}

private:
    static bool put(Connection& connection, rt::PromiseBase& promise) {
        auto& self = static_cast<Full&>(connection);
        promise.kept_for = nullptr;
        self.world_.order += 'p';
        self.world_.executor.wake(promise);
        return true;
    }
    World& world_;
};

/// Awaits that its message, which is kept, is put in.
struct Kept {
    Full* connection;

    rt::Started start(rt::PromiseBase& promise) const {
        connection->executor().keep(promise, *connection);
        return {false};
    }
};

Played keep_message(Home /*home*/, World* world, Full* connection) {
    world->order += 'k';
    world->watch.resumed++;
    co_await Kept{connection};
    world->order += 'K';
    world->watch.resumed++;
}

} // namespace

TEST_CASE("burst-order: equals are resumed in their order, and take turns") {
    alone([] {
        World world;
        for (const char letter : {'a', 'b', 'c'})
            ready_to_say(world, letter, 2 + (letter == 'b' ? 1U : 0U), 5);
        world.executor.run_until_idle();
        expect_equal("a, b and c, of whom b has a turn more", "abcabcb", world.order);
        expect_equal("frames that have not gone when their coroutines ended", 0,
                     world.blocks.alive);
    });
}

TEST_CASE("burst-ended: a coroutine that ends is gone when it is resumed; the others go on") {
    alone([] {
        World world;
        for (unsigned i = 0; i < 5; i++)
            ready_to_say(world, static_cast<char>('a' + i), i % 2, 7);
        world.executor.run_until_idle();
        expect_equal("those that had something to say, b and d", "bd", world.order);
        expect_equal("frames that have not gone when their coroutines ended", 0,
                     world.blocks.alive);
    });
}

TEST_CASE("burst-important: the most important run first, and before the rest of a burst") {
    alone([] {
        World world;
        ready_to_say(world, 'l', 1, 0);
        wake_important(world.blocks, &world).wake(world.executor, 4);
        ready_to_say(world, 'c', 1, 4);
        ready_to_say(world, 'd', 1, 4);
        ready_to_say(world, 'H', 2, 31);
        world.executor.run_until_idle();
        expect_equal("H is most important; then a, who wakes X and Y; c, d and A are as important "
                     "as a was; l is least",
                     "HHaXYXcdAl", world.order);
    });
}

TEST_CASE("burst-most: after 32 resumptions everything else has a turn") {
    alone([] {
        World world;
        for (unsigned i = 0; i < 100; i++)
            ready_to_say(world, 'x', 1, 2);
        world.executor.run_until_idle();
        const std::vector<unsigned> bursts = world.watch.bursts();
        unsigned most = 0;
        unsigned all = 0;
        for (const unsigned burst : bursts) {
            most = std::max(most, burst);
            all += burst;
        }
        expect_equal("resumptions of 100 coroutines that are resumed twice", 200, all);
        expect_equal("resumptions in the longest burst", rt::Executor::burst, most);
        if (expect("there are several bursts", bursts.size() > 3))
            expect_equal("resumptions in the first burst", rt::Executor::burst, bursts[0]);
    });
}

TEST_CASE("burst-rest: who was not resumed in a burst comes before those that came meanwhile") {
    alone([] {
        World world;
        std::string expected;
        for (unsigned i = 0; i < 40; i++)
            ready_to_say(world, static_cast<char>('A' + i), 3, 1);
        for (unsigned i = 0; i < 120; i++)
            expected += static_cast<char>('A' + i % 40);
        world.executor.run_until_idle();
        expect_equal("40 equals that take turns", expected, world.order);
    });
}

TEST_CASE("burst-kept: a message that found no line is seen to, and the burst goes on") {
    alone([] {
        World world;
        Full full(world);
        keep_message(world.blocks, &world, &full).wake(world.executor, 3);
        for (unsigned i = 0; i < 6; i++)
            ready_to_say(world, static_cast<char>('a' + i), 1, 3);
        world.executor.run_until_idle();
        expect_equal("k keeps a message, which is put in (p) before the next is resumed; a to f; "
                     "K was woken when the message was put in",
                     "kpabcdefK", world.order);
        const std::vector<unsigned> bursts = world.watch.bursts();
        expect_equal("resumptions in the first burst, which a message does not end", 7,
                     bursts.empty() ? 0 : bursts[0]);
    });
}

TEST_CASE("burst-random: priorities and turns by chance, against a model") {
    alone([] {
        World world;
        Draw draw(53);
        struct One {
            char letter;
            unsigned left;
        };
        std::map<unsigned, std::deque<One>> model; // by priority
        for (unsigned i = 0; i < 90; i++) {
            const auto letter = static_cast<char>('!' + i);
            const auto turns = static_cast<unsigned>(draw.below(5));
            const auto priority = static_cast<unsigned>(draw.below(4) * 10);
            ready_to_say(world, letter, turns, priority);
            model[priority].push_back({letter, turns});
        }
        std::string expected;
        for (auto level = model.rbegin(); level != model.rend(); ++level) {
            std::deque<One>& list = level->second;
            for (; !list.empty(); list.pop_front()) {
                if (list.front().left == 0)
                    continue;
                expected += list.front().letter;
                list.push_back({list.front().letter, list.front().left - 1});
            }
        }
        world.executor.run_until_idle();
        expect_equal("what 90 coroutines of 4 priorities say", expected, world.order);
        expect_equal("frames that have not gone when their coroutines ended", 0,
                     world.blocks.alive);
    });
}
