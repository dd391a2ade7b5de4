// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The ends of a ring: order, wrapping, full and empty rings, messages of several lines, and
/// counters that no honest peer would write.
/// Read next: runtime/ring.hpp.
/// @stage{4}
#include "runtime/long_message.hpp"
#include "runtime/tests/memory.hpp"

#include <doctest/doctest.h>
#include <vector>

namespace {

using abi::Word;
using rt::Ring;

constexpr abi::RingLines small{16, 16};

/// The requests' ring of a buffer, with both ends.
struct Requests {
    Memory memory{small};
    rt::Producer<> out = memory.buffer.client().out;
    rt::Consumer<> in = memory.buffer.server().in;

    bool put(uint32_t id) {
        if (out.stopped() && out.refill() != Ring::ready)
            return false;
        out.next().id.store_relaxed(id);
        return true;
    }
    /// Takes everything that is there, in runs.
    std::vector<uint32_t> take() {
        std::vector<uint32_t> ids;
        while (!in.stopped() || in.refill() == Ring::ready)
            for (const abi::Item& item : in.take(in.run()))
                ids.push_back(item.id.load_relaxed());
        return ids;
    }
};

} // namespace

TEST_CASE("ring: the layout is the one that is written down") {
    Memory memory(small);
    CHECK(abi::buffer_bytes(small) == 256 + 32 * 64);
    CHECK(memory.header().setup.load_relaxed() == abi::buffer_setup(small));
    const abi::ItemInfo info = abi::ItemInfo::make(0xffff, 7, 3, abi::one_way);
    CHECK(info.label() == 0xffff);
    CHECK(info.length() == 7);
    CHECK(info.extra_caps() == 3);
    CHECK(info.has(abi::one_way));
    CHECK(!info.has(abi::refused));
    CHECK(abi::lines_of(0) == 1);
    CHECK(abi::lines_of(7) == 1);
    CHECK(abi::lines_of(8) == 2);
    CHECK(abi::lines_of(15) == 2);
    CHECK(abi::lines_of(16) == 3);
    CHECK(abi::lines_of(120) == 16);
    CHECK(abi::RingLines{16, 1024}.valid());
    CHECK(!abi::RingLines{8, 16}.valid());
    CHECK(!abi::RingLines{16, 24}.valid());
}

TEST_CASE("ring: what is put in comes out in order once it is published") {
    Requests ring;
    CHECK(ring.put(1));
    CHECK(ring.put(2));
    CHECK(ring.take().empty());
    ring.out.publish();
    CHECK(ring.in.news());
    CHECK(ring.take() == std::vector<uint32_t>{1, 2});
    CHECK(!ring.in.news());
}

TEST_CASE("ring: a full ring takes nothing until lines that were taken are published") {
    Requests ring;
    for (uint32_t id = 0; id < 16; id++)
        CHECK(ring.put(id));
    CHECK(!ring.put(16));
    ring.out.publish();
    CHECK(ring.take().size() == 16);
    CHECK(!ring.put(16));
    ring.in.publish();
    CHECK(ring.out.news());
    CHECK(ring.put(16));
}

TEST_CASE("ring: it goes round many times, by steps of every length") {
    Requests ring;
    uint32_t put = 0;
    uint32_t taken = 0;
    for (unsigned round = 0; round < 1000; round++) {
        for (unsigned i = 0; i < round % 17; i++)
            put += ring.put(put) ? 1 : 0;
        ring.out.publish();
        if (round % 3 == 0) {
            for (const uint32_t id : ring.take())
                CHECK(id == taken++);
            ring.in.publish();
        }
    }
    CHECK(put - taken <= 16);
    CHECK(taken > 1000);
}

TEST_CASE("ring: at most as much room is given as is allowed") {
    Requests ring;
    CHECK(ring.out.refill(2 * abi::line_bytes) == Ring::ready);
    CHECK(ring.out.run() == 2 * abi::line_bytes);
    CHECK(ring.out.refill(0) == Ring::blocked);
    ring.out.refill();
    CHECK(ring.out.run() == 16 * abi::line_bytes);
    ring.out.close();
    CHECK(ring.out.stopped());
    ring.out.reopen();
    CHECK(ring.out.run() == 16 * abi::line_bytes);
}

TEST_CASE("ring: messages of every length, at every place") {
    for (unsigned length = 0; length <= abi::message_words; length++) {
        Requests ring;
        for (unsigned place = 0; place < 20; place++) {
            std::vector<Word> words(length);
            for (unsigned i = 0; i < length; i++)
                words[i] = Word{place} << 32 | i;
            ring.out.refill();
            REQUIRE(ring.out.room() >= abi::lines_of(length) * abi::line_bytes);
            rt::put_message(ring.out, place, abi::ItemInfo::make(3, length), words);
            ring.out.publish();
            REQUIRE(ring.in.refill() == Ring::ready);
            REQUIRE(ring.in.available() == abi::lines_of(length) * abi::line_bytes);
            CHECK(ring.in.line_at(0).id.load_relaxed() == place);
            std::vector<Word> found(length);
            rt::copy_words(ring.in, 0, length, found.data());
            CHECK(found == words);
            ring.in.advance_by(abi::lines_of(length) * abi::line_bytes);
            CHECK(ring.in.available() == 0);
            ring.in.publish();
        }
    }
}

TEST_CASE("ring: a run that was taken can be given back from some line on") {
    Requests ring;
    for (uint32_t id = 0; id < 8; id++)
        ring.put(id);
    ring.out.publish();
    ring.in.refill();
    const rt::Run run = ring.in.take(ring.in.run());
    CHECK(ring.in.stopped());
    ring.in.give_back(run.first + 5);
    CHECK(ring.take() == std::vector<uint32_t>{5, 6, 7});
}

TEST_CASE("ring: a producer's counter that cannot be is found out") {
    const Word impossible[] = {
        1, 63, 65, Word{17} * 64, Word{16} * 64 + 8, ~Word{0}, Word{1} << 63, ~Word{63}};
    for (const Word tail : impossible) {
        Requests ring;
        ring.memory.header().client.out.tail.store_relaxed(tail);
        CHECK(ring.in.refill() == Ring::corrupt);
    }
    Requests ring;
    ring.put(1);
    ring.put(2);
    ring.out.publish();
    CHECK(ring.in.refill() == Ring::ready);
    ring.in.take(ring.in.run());
    ring.memory.header().client.out.tail.store_relaxed(abi::line_bytes); // backwards
    CHECK(ring.in.refill() == Ring::corrupt);
}

TEST_CASE("ring: a consumer's counter that cannot be is found out") {
    const Word impossible[] = {1, 64, 128, 256, ~Word{0}, Word{1} << 63};
    for (const Word head : impossible) {
        Requests ring;
        ring.memory.header().server.in.head.store_relaxed(head);
        CHECK(ring.out.refill() == Ring::corrupt); // nothing was put in yet
    }
    Requests ring;
    for (uint32_t id = 0; id < 4; id++)
        ring.put(id);
    ring.memory.header().server.in.head.store_relaxed(Word{2} * abi::line_bytes);
    CHECK(ring.out.refill() == Ring::ready);
    ring.memory.header().server.in.head.store_relaxed(abi::line_bytes);
    CHECK(ring.out.refill() == Ring::corrupt);
}
