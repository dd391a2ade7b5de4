// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A process that puts messages in, which the judge takes by hand.
/// Read next: pairs.cpp.
#include "labs/4-rings/tests/guest/inputs.hpp"

using namespace judge;

namespace {

constexpr Word ring_words = party::capacity / sizeof(Word);

/// Takes all messages that are published, and compares them with the input.
class ByHandReader {
public:
    explicit ByHandReader(World& world) : world_(world) {}

    /// False if something is wrong.
    bool take(Word words_of_input) {
        const Word tail = world_.header().client.out.tail.load_acquire();
        if (!test::expect("the tail is at most a capacity before the head",
                          tail - head_ <= party::capacity))
            return false;
        while (head_ < tail && at_ < words_of_input) {
            if (!take_one(tail - head_))
                return false;
        }
        world_.header().server.in.head.store_release(head_);
        return true;
    }
    [[nodiscard]] Word at() const { return at_; }

private:
    bool take_one(Word published) {
        const Word* const expected = world_.side(0).input + at_;
        const auto* const ring = reinterpret_cast<const volatile Word*>(world_.requests());
        const unsigned length = abi::ItemInfo{static_cast<uint32_t>(*expected >> 32)}.length();
        const Word bytes = abi::lines_of(length) * abi::line_bytes;
        if (!test::expect("a message is published with all its lines", bytes <= published))
            return false;
        for (unsigned i = 0; i <= length; i++) {
            const Word got = ring[(head_ / sizeof(Word) + i) % ring_words];
            if (got == expected[i])
                continue;
            test::fail(Place::current(), "message ", message_, " of ", length, " words, at line ",
                       head_ / abi::line_bytes % party::ring_lines.requests, ", word ", i,
                       " (0 is id and info): expected ", console::Hex{expected[i]}, ", got ",
                       console::Hex{got});
            return false;
        }
        message_++;
        head_ += bytes;
        at_ += length + 1;
        return true;
    }

    World& world_;
    Word head_ = 0;
    Word at_ = 0;
    Word message_ = 0;
};

} // namespace

TEST("message-machine: a process puts long messages in, and all words are where they belong") {
    constexpr Word count = 32;
    World world;
    Draw draw(5);
    const Word words = draw_messages(draw, world.side(0).input, count, abi::message_words);
    if (!world.start(0, {.role = Role::write, .count = count, .burst = 1 + draw.below(3)}))
        return;
    ByHandReader reader(world);
    bool right = true;
    const bool all = world.until("all messages", [&] {
        right = reader.take(words);
        return !right || reader.at() == words;
    });
    if (all && right)
        world.finish();
}
