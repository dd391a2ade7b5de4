// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Exercise 5.3: a burst. Coroutines say letters, and a connection over which nothing comes sees
/// each round begin.
/// Read next: replies.cpp.
#include "labs/5-runtime/tests/host/calls.hpp"

#include <deque>

using namespace setting;

namespace {

struct World {
    Side side{256};
    std::string order;

    template <class... Rest>
    void spawn(Task<> task, rt::Priority priority) {
        expect("there is a frame for each coroutine",
               side.executor.spawn(std::move(task), priority));
    }
    void say(char letter, unsigned times, rt::Priority priority) {
        spawn(setting::say(side.pool, &order, letter, times), priority);
    }
    void run() {
        side.executor.run_until_idle();
        expect_equal("frames in use when all coroutines have ended", 0, side.pool.used());
    }
};

/// Says a letter, and wakes two more important ones; says another one when it runs again.
Task<> interrupt(Frames frames, World* world) {
    world->order += 'a';
    world->side.executor.spawn(say(frames, &world->order, 'X', 2), 9);
    co_await rt::yield();
    world->order += 'A';
}

/// Leaves a message for the connection, as a call does that finds no room.
struct Keep {
    rt::Executor& executor;
    rt::Connection& connection;

    [[nodiscard]] rt::Started start(rt::PromiseBase& promise) const {
        executor.keep(promise, connection);
        return {false};
    }
};

Task<> keep(Frames /*frames*/, World* world, Onlooker* onlooker) {
    world->order += 'k';
    co_await Keep{world->side.executor, *onlooker};
    world->order += 'K';
}

/// What the executor promises, in the simplest words: a list for each priority, and whoever runs
/// runs until it yields. Coroutine `number` runs `times` times; spawns `child` when it first runs.
struct Model {
    struct Each {
        char letter;
        unsigned times;
        rt::Priority priority;
        int child = -1;
        bool began = false;
    };
    std::vector<Each> all;
    std::deque<unsigned> ready[rt::priorities];
    std::string order;

    void run() {
        for (rt::Priority top = rt::priorities; top-- > 0;) {
            if (ready[top].empty())
                continue;
            const unsigned number = ready[top].front();
            ready[top].pop_front();
            Each& each = all[number];
            order += each.letter;
            if (!std::exchange(each.began, true) && each.child >= 0)
                ready[all[static_cast<unsigned>(each.child)].priority].push_back(
                    static_cast<unsigned>(each.child));
            if (each.times-- > 0)
                ready[top].push_back(number);
            top = rt::priorities;
        }
    }
};

Task<> follow(Frames frames, World* world, std::vector<Model::Each>* all, unsigned number) {
    const Model::Each each = (*all)[number];
    world->order += each.letter;
    if (each.child >= 0) {
        const auto child = static_cast<unsigned>(each.child);
        world->side.executor.spawn(follow(frames, world, all, child), (*all)[child].priority);
    }
    for (unsigned i = 0; i < each.times; i++) {
        co_await rt::yield();
        world->order += each.letter;
    }
}

} // namespace

TEST_CASE("burst-turns: equals take turns, in the order in which they became ready") {
    alone([] {
        World world;
        world.say('a', 3, 5);
        world.say('b', 1, 5);
        world.say('c', 2, 5);
        world.run();
        expect_equal("who runs", "abcaca", world.order);
    });
}

TEST_CASE("burst-most: the most important runs first, and until it is done") {
    alone([] {
        World world;
        world.say('l', 2, 0);
        world.say('m', 2, 15);
        world.say('h', 2, 31);
        world.run();
        expect_equal("who runs", "hhmmll", world.order);
    });
}

TEST_CASE("burst-ends: a coroutine that ends is gone; whoever is behind it runs all the same") {
    alone([] {
        World world;
        for (char letter = 'a'; letter <= 'j'; letter++)
            world.spawn(say_once(world.side.pool, &world.order, letter), 3);
        world.run();
        expect_equal("who runs", "abcdefghij", world.order);
    });
}

TEST_CASE("burst-above: somebody more important runs before the rest of the burst") {
    alone([] {
        World world;
        world.spawn(interrupt(world.side.pool, &world), 4);
        world.say('b', 1, 4);
        world.say('c', 1, 4);
        world.run();
        expect_equal("who runs: a wakes X, which is more important than b and c", "aXXbcA",
                     world.order);
    });
}

TEST_CASE("burst-equal: somebody who is not more important waits for the rest of the burst") {
    alone([] {
        World world;
        struct Waker {
            static Task<> wake(Frames frames, World* world) {
                world->order += 'a';
                world->side.executor.spawn(setting::say(frames, &world->order, 'x', 1), 4);
                world->side.executor.spawn(setting::say(frames, &world->order, 'y', 1), 3);
                co_return;
            }
        };
        world.spawn(Waker::wake(world.side.pool, &world), 4);
        world.say('b', 1, 4);
        world.say('c', 1, 4);
        world.run();
        expect_equal("who runs: a wakes x, its equal, and y, which is less important", "abcxy",
                     world.order);
    });
}

TEST_CASE("burst-bound: after 32 resumptions connections have their turn") {
    alone([] {
        World world;
        Memory memory({16, 16});
        Onlooker onlooker(world.side.executor, memory);
        std::string rounds;
        onlooker.look = [&] { rounds += std::to_string(world.order.size()) + ' '; };
        for (unsigned i = 0; i < 100; i++)
            world.spawn(say_once(world.side.pool, &world.order, 'a'), 1);
        world.run();
        expect_equal("how many had run whenever connections were dispatched, of 100", "0 32 64 96 ",
                     rounds);
        rounds.clear();
        world.order.clear();
        world.say('b', 70, 1);
        world.say('c', 1, 1);
        world.side.executor.run_until_idle();
        expect_equal("resumptions of two that are always ready: all of them", 71,
                     world.order.size());
    });
}

TEST_CASE("burst-order: 200 equals keep their order from burst to burst") {
    alone([] {
        World world;
        std::string expected;
        for (unsigned turn = 0; turn < 3; turn++) {
            for (unsigned i = 0; i < 200; i++)
                expected += static_cast<char>('!' + i % 90);
        }
        for (unsigned i = 0; i < 200; i++)
            world.say(static_cast<char>('!' + i % 90), 3, 7);
        world.run();
        expect("each of 200 runs three times, in turn", world.order == expected);
    });
}

TEST_CASE("burst-kept: a message that found no room is seen to at once, and the burst goes on") {
    alone([] {
        World world;
        Memory memory({16, 16});
        Onlooker onlooker(world.side.executor, memory);
        onlooker.look = [&] { world.order += '|'; };
        onlooker.put = [&](rt::PromiseBase& promise) {
            world.order += 'p';
            promise.kept_for = nullptr;
            world.side.executor.wake(promise);
            return true;
        };
        world.spawn(keep(world.side.pool, &world, &onlooker), 6);
        world.say('b', 1, 6);
        world.say('c', 1, 6);
        world.run();
        expect_equal("who runs: k leaves a message, which is put in (p) before b runs, in the same "
                     "burst; | is a round",
                     "|kpbc|K", world.order);
    });
}

TEST_CASE("burst-random: coroutines of all priorities that wake others, against a model") {
    alone([] {
        auto random = draw(4);
        for (unsigned life = 0; life < 60; life++) {
            World world;
            Model model;
            const auto count = static_cast<unsigned>(2 + random() % 90);
            for (unsigned i = 0; i < count; i++)
                model.all.push_back({static_cast<char>('!' + i),
                                     static_cast<unsigned>(random() % 4),
                                     static_cast<rt::Priority>(random() % 6 * 6)});
            std::vector<bool> is_child(count);
            for (unsigned i = 0; i + 1 < count; i++) {
                const auto child = static_cast<unsigned>(i + 1 + random() % (count - i - 1));
                if (random() % 2 == 0 && !is_child[child]) {
                    model.all[i].child = static_cast<int>(child);
                    is_child[child] = true;
                }
            }
            std::vector<Model::Each> all = model.all;
            for (unsigned i = 0; i < count; i++) {
                if (is_child[i])
                    continue;
                model.ready[all[i].priority].push_back(i);
                world.spawn(follow(world.side.pool, &world, &all, i), all[i].priority);
            }
            model.run();
            world.run();
            if (!expect_equal("who runs, of " + std::to_string(count), model.order, world.order))
                return;
        }
    });
}
