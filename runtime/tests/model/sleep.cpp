// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Nobody sleeps while there is something to do, nobody is notified twice for one sleep, and what
/// is taken is what was put in: for messages one way, for calls and their answers, for rings that
/// are full. In every execution; and each fence is needed. Read next: hostile.cpp.
/// @stage{4}
#include "runtime/tests/model/sides.hpp"

#include <doctest/doctest.h>

namespace {

using explore::Action;
using model::Side;
using model::World;

/// Takes ids 1, 2, ... `last`, and sleeps whenever there are no more. A burst that takes and one
/// that sleeps are one: a single fence.
void consume(Side side, uint32_t last) {
    uint32_t expected = 1;
    for (;;) {
        side.take_all([&](uint32_t id) { explore::check(id == expected++, "the next message"); });
        if (expected > last)
            break;
        if (!side.end(true))
            side.own.park();
    }
    static_cast<void>(side.end(false));
}

/// Puts in ids 1 to `last`, `burst` at a time.
void produce(Side side, uint32_t last, uint32_t burst) {
    for (uint32_t id = 1; id <= last; id++) {
        side.put(id);
        if (id % burst == 0 || id == last)
            static_cast<void>(side.end(false));
    }
}

template <unsigned lines>
void one_way(uint32_t last, uint32_t burst) {
    World<lines> world;
    explore::threads({{"client", [&] { produce(world.client(), last, burst); }},
                      {"server", [&] { consume(world.server(), last); }}});
    world.check_notifications();
}

/// The ring is full from the beginning; a second message has to wait.
void wait_for_room() {
    World<1> world;
    Side client = world.client();
    client.put(1);
    static_cast<void>(client.end(false));
    explore::threads({{"client",
                       [&] {
                           client.put(2);
                           static_cast<void>(client.end(false));
                       }},
                      {"server", [&] {
                           Side server = world.server();
                           unsigned taken = 0;
                           while (taken == 0) {
                               server.take_all([&](uint32_t) { taken++; });
                               static_cast<void>(server.end(false));
                           }
                       }}});
    world.check_notifications();
}

/// Puts in a request and awaits its answer, so often.
void call(Side side, uint32_t calls) {
    for (uint32_t id = 1; id <= calls; id++) {
        side.put(id);
        bool answered = false;
        while (!answered) {
            if (!side.end(true))
                side.own.park();
            side.take_all([&](uint32_t answer) {
                explore::check(answer == id + 100, "its answer");
                answered = true;
            });
        }
    }
    static_cast<void>(side.end(false));
}

/// Answers so many.
void serve(Side side, uint32_t calls) {
    uint32_t served = 0;
    for (;;) {
        side.take_all([&](uint32_t id) {
            side.put(id + 100);
            served++;
        });
        if (served == calls)
            break;
        if (!side.end(true))
            side.own.park();
    }
    static_cast<void>(side.end(false));
}

void calls(uint32_t count) {
    World<2> world;
    explore::threads({{"client", [&] { call(world.client(), count); }},
                      {"server", [&] { serve(world.server(), count); }}});
    world.check_notifications();
}

void passes(const explore::Outcome& outcome) {
    CHECK_MESSAGE(outcome.passed(), outcome.report());
    MESSAGE(outcome.executions << " executions");
}

/// With this left out, some execution goes wrong.
template <class Scenario>
void needs(Action action, Scenario scenario) {
    const explore::Weakened weakened(action);
    const auto outcome = explore::all("weakened", scenario);
    CHECK_MESSAGE(!outcome.passed(), "nothing goes wrong without ", spelled(action));
    CHECK(outcome.verdict != explore::Verdict::too_large);
    CHECK(outcome.verdict != explore::Verdict::misuse);
}

} // namespace

TEST_CASE("model: a consumer sleeps and is woken, and takes what was put in") {
    passes(explore::all("two messages", [] { one_way<2>(2, 1); }));
}

TEST_CASE("model: the same for a burst") {
    passes(explore::all("a burst", [] { one_way<2>(2, 2); }));
}

TEST_CASE("model: a producer waits for room and is woken") {
    passes(explore::all("a full ring", wait_for_room));
}

TEST_CASE("model: calls and answers, each burst one fence") {
    passes(explore::all("one call", [] { calls(1); }));
}

TEST_CASE("model: longer traffic, in random executions") {
    passes(explore::random("messages through one line", [] { one_way<1>(4, 1); }, 1, 20'000));
    passes(explore::random("bursts that wrap", [] { one_way<2>(7, 3); }, 1, 20'000));
    passes(explore::random("calls", [] { calls(4); }, 1, 20'000));
}

TEST_CASE("model: without the full fence a message is missed") {
    needs(Action::fence_full, [] { one_way<2>(2, 1); });
    needs(Action::fence_full, [] { calls(1); });
    needs(Action::fence_full, wait_for_room);
}

TEST_CASE("model: without the release what is taken is not what was put in") {
    needs(Action::fence_release, [] { one_way<2>(1, 1); });
}

TEST_CASE("model: without the acquire what is taken is not what was put in") {
    needs(Action::fence_acquire, [] { one_way<2>(1, 1); });
}
