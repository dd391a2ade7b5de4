// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Exercise 6.1: runs of lines in frames that lie anywhere.
#include "labs/6-async-calls/tests/host/setting.hpp"

#include <array>

namespace {

constexpr Word line = abi::line_bytes;

/// Frames of these levels, a GiB apart. Nobody touches their memory.
struct Frames {
    std::array<Slot, abi::buffer_frames> slots = {};
    std::vector<Word> sizes;

    explicit Frames(const std::vector<unsigned>& levels) {
        static World& world = *new World; // sets up what addresses mean
        static_cast<void>(world);
        for (const unsigned level : levels) {
            Slot& slot = slots[sizes.size()];
            slot.cap = FrameCap(base(sizes.size()), level, false, abi::all_rights);
            sizes.push_back(Word{1} << slot.cap.as<FrameCap>().size_bits());
        }
    }
    static PAddr base(Word frame) { return PAddr((4 + frame) << 30); }

    /// The ring's run at `position`, against what the picture of the buffer says.
    void check(Word offset, Word capacity, Word position) const {
        const async::FrameLines ring(slots.data(), offset, capacity);
        Word at = offset + position % capacity;
        unsigned frame = 0;
        for (; at >= sizes[frame]; frame++)
            at -= sizes[frame];
        const rt::Run run = ring.run(position);
        const std::string where = " (ring of " + lab::shown(capacity / line) + " lines at byte " +
                                  lab::shown(offset) + ", position " + lab::shown(position) + ")";
        expect_equal("address of the first line of the run" + where, base(frame).value + at,
                     physical(run.first).value);
        expect_equal("bytes of the run, to the end of frame or ring" + where,
                     std::min(sizes[frame] - at, capacity - position % capacity), run.bytes());
    }
};

} // namespace

TEST_CASE("lines-frame: a ring in one frame: a run goes to the ring's end") {
    alone([] {
        const Frames frames({0});
        for (const Word offset : {abi::ring_offset, Word{1024}})
            for (const Word at : std::initializer_list<Word>{0, 1, 15, 31})
                frames.check(offset, 32 * line, at * line);
    });
}

TEST_CASE("lines-apart: a run ends where its frame ends; the next one is in the next frame") {
    alone([] {
        const Frames frames({0, 0, 0});
        for (const Word at : std::initializer_list<Word>{0, 59, 60, 61, 123, 124, 125, 127})
            frames.check(abi::ring_offset, 128 * line, at * line);
        frames.check(Setting::page, 64 * line, 0);
        frames.check(2 * Setting::page - line, 64 * line, line);
    });
}

TEST_CASE("lines-counter: positions count all bytes, however often the ring has begun anew") {
    alone([] {
        const Frames frames({0, 0});
        for (const Word round : {Word{1}, Word{12345}, (Word{1} << 58) / 64 - 1})
            for (const Word at : std::initializer_list<Word>{0, 59, 60, 63})
                frames.check(abi::ring_offset, 64 * line, (round * 64 + at) * line);
        frames.check(abi::ring_offset, 64 * line, ~(line - 1));
    });
}

TEST_CASE("lines-sizes: frames of several sizes in any order, up to 32 of them") {
    alone([] {
        Draw draw;
        for (unsigned round = 0; round < 200; round++) {
            std::vector<unsigned> levels(1 + draw.below(abi::buffer_frames));
            for (unsigned& level : levels)
                level = draw.below(4) == 0 ? 1 : 0;
            const Frames frames(levels);
            Word room = 0;
            for (const Word size : frames.sizes)
                room += size;
            Word capacity = 16 * line;
            while (capacity * 2 <= room - abi::ring_offset && draw.below(5) != 0)
                capacity *= 2;
            const Word offset = abi::ring_offset +
                                draw.below((room - abi::ring_offset - capacity) / line + 1) * line;
            for (unsigned i = 0; i < 20; i++)
                frames.check(offset, capacity, draw.word() / line * line);
        }
    });
}
