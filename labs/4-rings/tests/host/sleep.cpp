// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Exercise 4.3: a consumer that wants to sleep. The producer is played by hand.
/// Read next: burst.cpp.
#include "labs/4-rings/tests/host/rings.hpp"

using namespace rings;

TEST_CASE("sleep-nothing: with nothing new it may sleep, and its state word says so") {
    Requests ring;
    rt::Consumer<> in = ring.memory.buffer.server().in;
    lab::expect("may_sleep() is true when nothing was put in", rt::may_sleep(in));
    lab::expect_equal("the consumer's state (armed is 1)", Word{abi::armed},
                      in.own().state.load_relaxed());
    lab::expect_equal("the client's own state word, which is not its business", Word{abi::running},
                      ring.memory.header().client.in.state.load_relaxed());
    lab::expect_equal("the producer's state word (flowing is 0)", Word{abi::flowing},
                      in.peer().state.load_relaxed());
    lab::expect("may_sleep() is true again when it was woken for nothing", rt::may_sleep(in));
    lab::expect_equal("the consumer's state after that", Word{abi::armed},
                      in.own().state.load_relaxed());
}

TEST_CASE("sleep-news: with something new it must not sleep, and its state word says so") {
    Requests ring;
    rt::Consumer<> in = ring.memory.buffer.server().in;
    ring.tail.store_relaxed(line);
    lab::expect("may_sleep() is false when a line was published", !rt::may_sleep(in));
    lab::expect_equal("the consumer's state, so that nobody notifies it (running is 0)",
                      Word{abi::running}, in.own().state.load_relaxed());
    in.advance_by(line);
    lab::expect("may_sleep() is true when that line is taken", rt::may_sleep(in));
    lab::expect_equal("the consumer's state then (armed is 1)", Word{abi::armed},
                      in.own().state.load_relaxed());
    lab::expect_equal("head, which may_sleep() does not publish", Word{0},
                      in.own().head.load_relaxed());
}

TEST_CASE("sleep-lost: whoever sleeps is woken, whenever the producer publishes") {
    explored("Something was published, and the consumer sleeps for ever. It must say that it "
             "sleeps, then fence, then look once more: else both sides may look before they see "
             "what the other has stored.",
             explore::all("falling asleep", [] {
                 Shared shared(1);
                 explore::threads({{"consumer",
                                    [&] {
                                        rt::Consumer<> in = shared.consumer().in;
                                        if (rt::may_sleep(in))
                                            shared.to_consumer.park();
                                        explore::check(shared.making().tail.load_acquire() == line,
                                                       "there is something to be read");
                                    }},
                                   {"producer", [&] {
                                        rt::SharedWord<Word>& state = shared.taking().state;
                                        shared.making().tail.store_release(line);
                                        rt::fence_full();
                                        if (state.load_relaxed() != abi::running &&
                                            state.exchange(abi::running) != abi::running)
                                            shared.to_consumer.send();
                                    }}});
             }));
}

TEST_CASE("sleep-twice: it falls asleep again and again, and is woken each time") {
    explored("Two lines are published one after the other, and the consumer sleeps for ever.",
             explore::all("falling asleep twice", [] {
                 Shared shared(2);
                 explore::threads({{"consumer",
                                    [&] {
                                        rt::Consumer<> in = shared.consumer().in;
                                        while (in.head() != 2 * line) {
                                            if (rt::may_sleep(in))
                                                shared.to_consumer.park();
                                            const Word tail = shared.making().tail.load_acquire();
                                            if (tail != in.head())
                                                in.advance_by(tail - in.head());
                                        }
                                    }},
                                   {"producer", [&] {
                                        rt::SharedWord<Word>& state = shared.taking().state;
                                        for (Word i = 1; i <= 2; i++) {
                                            shared.making().tail.store_release(i * line);
                                            rt::fence_full();
                                            if (state.load_relaxed() != abi::running &&
                                                state.exchange(abi::running) != abi::running)
                                                shared.to_consumer.send();
                                        }
                                    }}});
                 explore::check(shared.to_consumer.sent() <= 2, "at most once a line");
             }));
}
