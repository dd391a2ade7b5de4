// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Runs of lines in frames of several sizes, against a model that has all frames in one piece.
/// @stage{6}
#include "kernel/async/frame_lines.hpp"

#include "kernel/tests/host/world.hpp"

#include <doctest/doctest.h>

#include <array>

namespace {

/// Frames of these levels. Nobody touches their memory.
struct Frames {
    World world;
    std::array<Slot, abi::buffer_frames> slots = {};
    std::vector<std::pair<Word, PAddr>> pieces; ///< size, base
    Word size = 0;

    Frames(std::initializer_list<unsigned> levels) {
        Word base = Word{1} << 32;
        for (const unsigned level : levels) {
            Slot& slot = slots[pieces.size()];
            slot.cap = FrameCap(PAddr(base), level, false, abi::all_rights);
            const Word bytes = Word{1} << slot.cap.as<FrameCap>().size_bits();
            pieces.emplace_back(bytes, PAddr(base));
            size += bytes;
            base += Word{1} << 30;
        }
    }
    /// Address of the byte at `offset`, and how many of its frame follow.
    [[nodiscard]] std::pair<Word, Word> at(Word offset) const {
        for (const auto& [bytes, base] : pieces) {
            if (offset < bytes)
                return {base.value + offset, bytes - offset};
            offset -= bytes;
        }
        return {};
    }
};

void check_ring(const Frames& frames, Word offset, Word lines) {
    const Word capacity = lines * abi::line_bytes;
    REQUIRE(offset + capacity <= frames.size);
    const async::FrameLines ring(frames.slots.data(), offset, capacity);
    CHECK(ring.capacity() == capacity);
    for (const Word round : {Word{0}, capacity, capacity * 12345, ~capacity + 1}) {
        for (Word at = 0; at < capacity; at += abi::line_bytes) {
            const rt::Run run = ring.run(round + at);
            const auto [address, rest] = frames.at(offset + at);
            REQUIRE(physical(run.first).value == address);
            REQUIRE(run.bytes() == std::min(rest, capacity - at));
        }
    }
}

} // namespace

TEST_SUITE("async frame lines") {
    TEST_CASE("in one frame") {
        check_ring(Frames{0}, abi::ring_offset, 32);
        check_ring(Frames{1}, abi::ring_offset, 1024);
    }

    TEST_CASE("across pages that lie apart") {
        const Frames frames{0, 0, 0, 0, 0, 0, 0, 0};
        for (const Word lines : {Word{16}, Word{64}, Word{128}, Word{256}})
            for (const Word offset : {abi::ring_offset, Word{4096}, Word{5} * 64, Word{4096 + 256}})
                check_ring(frames, offset, lines);
    }

    TEST_CASE("across frames of several sizes") {
        const Frames frames{0, 1, 0, 0, 1};
        for (const Word offset : {abi::ring_offset, Word{8} * 64, Word{4096}})
            check_ring(frames, offset, 32768);
    }

    TEST_CASE("32 frames, a ring at the end of the last") {
        const Frames frames{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
                            0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
        check_ring(frames, frames.size - 1024 * abi::line_bytes, 1024);
    }
}
