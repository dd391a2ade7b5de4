// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Tests with one process that makes or takes lines: the judge plays the other side by hand.
/// Read next: serve.cpp.
#include "labs/4-rings/tests/guest/inputs.hpp"

using namespace judge;

namespace {

constexpr Word count = 200; ///< lines of a test

/// A line as it lies in a ring.
volatile Word* words_of(abi::Item* ring, Word position) {
    return reinterpret_cast<volatile Word*>(ring + position / abi::line_bytes %
                                                       party::ring_lines.requests);
}

/// Takes all lines that the client has published, and compares them with its input.
class ByHandConsumer {
public:
    explicit ByHandConsumer(World& world) : world_(world) {}

    /// False if something is wrong.
    bool take(Word most) {
        const Word tail = world_.header().client.out.tail.load_acquire();
        if (!test::expect("the producer's tail is at most a capacity before the consumer's head, "
                          "and between no two lines",
                          tail - head_ <= party::capacity && tail % abi::line_bytes == 0))
            return false;
        for (; head_ != tail && most > 0; head_ += abi::line_bytes, most--) {
            const volatile Word* const got = words_of(world_.requests(), head_);
            const Word* const expected =
                world_.side(0).input + head_ / abi::line_bytes * line_words;
            for (Word i = 0; i < line_words; i++) {
                if (got[i] == expected[i])
                    continue;
                test::fail(Place::current(), "line ", head_ / abi::line_bytes, ", word ", i,
                           ": expected ", console::Hex{expected[i]}, ", got ",
                           console::Hex{got[i]});
                return false;
            }
        }
        world_.header().server.in.head.store_release(head_);
        return true;
    }
    [[nodiscard]] Word head() const { return head_; }

private:
    World& world_;
    Word head_ = 0;
};

/// Puts lines of the client's input in; does not notify.
class ByHandProducer {
public:
    explicit ByHandProducer(World& world) : world_(world) {}

    void put(Word most) {
        const Word head = world_.header().server.in.head.load_acquire();
        for (; most > 0 && tail_ - head < party::capacity; tail_ += abi::line_bytes, most--) {
            volatile Word* const line = words_of(world_.requests(), tail_);
            const Word* const from = world_.side(0).input + tail_ / abi::line_bytes * line_words;
            for (Word i = 0; i < line_words; i++)
                line[i] = from[i];
        }
        world_.header().client.out.tail.store_release(tail_);
    }
    [[nodiscard]] Word lines() const { return tail_ / abi::line_bytes; }

private:
    World& world_;
    Word tail_ = 0;
};

} // namespace

TEST("lines-made: a process puts lines in, and none is lost or overwritten") {
    World world;
    Draw draw(1);
    draw_lines(draw, world.side(0).input, count);
    if (!world.start(0, {.role = Role::make, .count = count, .burst = 1 + draw.below(8)}))
        return;
    ByHandConsumer consumer(world);
    const bool all = world.until("200 lines", [&] {
        return !consumer.take(draw.below(8)) || consumer.head() == count * abi::line_bytes;
    });
    if (all && consumer.head() == count * abi::line_bytes)
        world.finish();
}

TEST("lines-taken: a process takes lines, and none is missed or read twice") {
    World world;
    Draw draw(2);
    draw_lines(draw, world.side(0).input, count);
    if (!world.start(1, {.role = Role::take, .count = count, .burst = 1 + draw.below(8)}))
        return;
    ByHandProducer producer(world);
    const bool all = world.until("room for all lines", [&] {
        producer.put(std::min(draw.below(8), count - producer.lines()));
        return producer.lines() == count;
    });
    if (all && world.finish())
        expect_lines("words of lines that were taken", world.side(0), world.side(1), count, 0);
}

TEST("sleep-hart: on another hart a consumer sleeps and wakes, and sleeps through nothing") {
    World world;
    Draw draw(3);
    draw_lines(draw, world.side(0).input, count);
    if (!world.start(1, {.role = Role::doze, .count = count, .hart = 1}))
        return;
    ByHandProducer producer(world);
    rt::SharedWord<Word>& state = world.header().server.in.state;
    const bool all = world.until("a consumer that takes all lines", [&] {
        for (Word pause = draw.below(300); pause > 0; pause--)
            static_cast<void>(state.load_relaxed());
        producer.put(std::min(draw.below(3), count - producer.lines()));
        rt::fence_full();
        if (state.load_relaxed() != abi::running && state.exchange(abi::running) != abi::running)
            sel4::signal(world.side(1).own);
        return producer.lines() == count;
    });
    if (all && world.finish())
        expect_lines("words of lines that were taken", world.side(0), world.side(1), count, 0);
}
