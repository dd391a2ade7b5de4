// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// All of the lab together, in every execution of two sides: nobody sleeps while there is something
/// to do, nobody is notified more often than it sleeps, no message is lost, doubled or torn.
#include "labs/4-rings/tests/host/rings.hpp"
#include "runtime/tests/model/sides.hpp"

using namespace rings;

namespace {

using model::Side;
using model::World;

constexpr const char* meaning =
    "A message was lost, doubled, torn, or somebody sleeps for ever. Each part passes its own "
    "tests, so look where two of them meet: what is published, said or looked at first.";

void send(Side side, uint32_t last, uint32_t burst) {
    for (uint32_t id = 1; id <= last; id++) {
        side.put(id);
        if (id % burst == 0 || id == last)
            static_cast<void>(side.end(false));
    }
}

/// Takes ids 1 to `last`; ends a burst, then sleeps by may_sleep().
void receive(Side side, uint32_t last) {
    uint32_t expected = 1;
    for (;;) {
        side.take_all([&](uint32_t id) {
            explore::check(id == expected++, "it is the message that comes next");
        });
        static_cast<void>(side.end(false));
        if (expected > last)
            return;
        side.asleep++;
        if (rt::may_sleep(side.ends.in))
            side.own.park();
    }
}

/// The same, but says that it sleeps with the end of its burst.
void receive_sleepily(Side side, uint32_t last) {
    uint32_t expected = 1;
    for (;;) {
        side.take_all([&](uint32_t id) {
            explore::check(id == expected++, "it is the message that comes next");
        });
        if (expected > last)
            break;
        if (!side.end(true))
            side.own.park();
    }
    static_cast<void>(side.end(false));
}

template <unsigned lines_in_ring, class Receive>
void one_way(uint32_t last, uint32_t burst, Receive receiver) {
    World<lines_in_ring> world;
    explore::threads({{"producer", [&] { send(world.client(), last, burst); }},
                      {"consumer", [&] { receiver(world.server(), last); }}});
    world.check_notifications();
}

void call(Side side, uint32_t calls) {
    for (uint32_t id = 1; id <= calls; id++) {
        side.put(id);
        bool answered = false;
        while (!answered) {
            if (!side.end(true))
                side.own.park();
            side.take_all([&](uint32_t answer) {
                explore::check(answer == id + 100, "it is the answer to this call");
                answered = true;
            });
        }
    }
    static_cast<void>(side.end(false));
}

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

} // namespace

TEST_CASE("traffic-sleep: a consumer that sleeps between messages gets them all") {
    explored(meaning, explore::all("two messages", [] { one_way<2>(2, 1, receive); }));
}

TEST_CASE("traffic-burst: bursts, and a consumer that ends its burst sleepily") {
    explored(meaning, explore::all("two messages", [] { one_way<2>(2, 1, receive_sleepily); }));
    explored(meaning, explore::all("a burst of two", [] { one_way<2>(2, 2, receive_sleepily); }));
}

TEST_CASE("traffic-full: a producer without room waits, and goes on") {
    explored(meaning, explore::all("a full ring", [] {
                 World<1> world;
                 Side producer = world.client();
                 producer.put(1);
                 static_cast<void>(producer.end(false));
                 explore::threads({{"producer",
                                    [&] {
                                        producer.put(2);
                                        static_cast<void>(producer.end(false));
                                    }},
                                   {"consumer", [&] {
                                        Side consumer = world.server();
                                        consumer.take_all([](uint32_t) {});
                                        static_cast<void>(consumer.end(false));
                                    }}});
                 world.check_notifications();
             }));
}

TEST_CASE("traffic-calls: a call and its answer, both sides sleepy") {
    explored(meaning, explore::all("one call", [] { calls(1); }));
}

TEST_CASE("traffic-long: longer traffic, in executions that are drawn by chance") {
    const Word seed = lab::seed() * 1'000'000;
    constexpr Word executions = 3000;
    explored(meaning,
             explore::random(
                 "messages through one line", [] { one_way<1>(4, 1, receive); }, seed, executions));
    explored(meaning, explore::random(
                          "bursts that go round", [] { one_way<2>(7, 3, receive_sleepily); }, seed,
                          executions));
    explored(meaning, explore::random("calls", [] { calls(4); }, seed, executions));
}
