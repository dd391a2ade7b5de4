// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Exercise 5.1: memory for frames.
/// Read next: queue.cpp.
#include "labs/5-runtime/tests/host/setting.hpp"

#include <set>

namespace {

constexpr Word head = rt::FramePool::head_bytes;

struct Pool {
    static constexpr Word block = 512;
    static constexpr unsigned count = 8;
    static constexpr Word most = block - head; ///< bytes of a frame

    std::byte* memory = static_cast<std::byte*>(std::aligned_alloc(64, count* block));
    rt::FramePool pool{{memory, count* block}, block};

    /// In which block a frame is; more than there are if it is at none's place.
    [[nodiscard]] Word block_of(const void* frame) const {
        const Word offset = reinterpret_cast<Word>(frame) - reinterpret_cast<Word>(memory) - head;
        return offset % block == 0 ? offset / block : ~Word{0};
    }
    void expect_counts(const std::string& when, unsigned used, unsigned refused) const {
        expect_equal(when + ", used()", used, pool.used());
        expect_equal(when + ", refused()", refused, pool.refused());
    }
    /// Takes all blocks; answers them in the order in which they came.
    std::vector<void*> take_all() {
        std::vector<void*> frames;
        for (unsigned i = 0; i < count; i++) {
            void* const frame = pool.allocate(100);
            if (!expect("a pool of 8 blocks has a frame " + number(i + 1) + " times",
                        frame != nullptr))
                _exit(1);
            frames.push_back(frame);
        }
        return frames;
    }
};

} // namespace

TEST_CASE("pool-first: a frame lies behind the head of a block, aligned to 16 bytes") {
    alone([] {
        Pool at;
        void* const frame = at.pool.allocate(100);
        if (!expect("a new pool has a frame", frame != nullptr))
            return;
        expect("the frame lies in the pool, right behind the head of a block",
               at.block_of(frame) < Pool::count);
        expect_equal("the frame's address modulo 16", 0, reinterpret_cast<Word>(frame) % 16);
        at.expect_counts("with one frame", 1, 0);
        std::fill_n(static_cast<std::byte*>(frame), 100, std::byte{0});
        rt::FramePool::free(frame);
        at.expect_counts("when it has come back", 0, 0);
    });
}

TEST_CASE("pool-exhausted: each block is handed out once; then there is none, until one is back") {
    alone([] {
        Pool at;
        const std::vector<void*> frames = at.take_all();
        const std::set<void*> different(frames.begin(), frames.end());
        expect_equal("different frames among 8", Pool::count, different.size());
        at.expect_counts("with all blocks in use", Pool::count, 0);
        expect("without a free block the answer is null", at.pool.allocate(100) == nullptr);
        expect("and again", at.pool.allocate(100) == nullptr);
        at.expect_counts("after two frames were asked for in vain", Pool::count, 2);
        expect_equal("oversize(), for no frame was too large", 0, at.pool.oversize());
        rt::FramePool::free(frames[3]);
        expect("the frame that came back is handed out", at.pool.allocate(100) == frames[3]);
        expect("then there is none again", at.pool.allocate(100) == nullptr);
    });
}

TEST_CASE("pool-reuse: the block that came back last is handed out first") {
    alone([] {
        Pool at;
        const std::vector<void*> frames = at.take_all();
        for (const unsigned i : {5U, 0U, 7U, 2U})
            rt::FramePool::free(frames[i]);
        for (const unsigned i : {2U, 7U, 0U, 5U})
            expect_equal("blocks 5, 0, 7, 2 came back; the block that is handed out",
                         at.block_of(frames[i]), at.block_of(at.pool.allocate(50)));
        expect("then there is none", at.pool.allocate(50) == nullptr);
    });
}

TEST_CASE("pool-size: what is larger than a block without its head is refused, and told apart") {
    alone([] {
        Pool at;
        expect("a frame of all bytes behind the head fits",
               at.pool.allocate(Pool::most) != nullptr);
        expect("one byte more does not", at.pool.allocate(Pool::most + 1) == nullptr);
        expect_equal("oversize() then", Pool::most + 1, at.pool.oversize());
        at.expect_counts("a block is not lost by that", 1, 1);
        expect("a whole block does not fit", at.pool.allocate(Pool::block) == nullptr);
        expect_equal("oversize(), of the last one", Pool::block, at.pool.oversize());
        expect("a smaller one still fits", at.pool.allocate(1) != nullptr);
        expect_equal("oversize() stays", Pool::block, at.pool.oversize());
        at.expect_counts("in the end", 2, 2);
        while (at.pool.allocate(10) != nullptr) {
        }
        expect("one too large is refused also when no block is free",
               at.pool.allocate(7000) == nullptr);
        expect_equal("oversize() says so", 7000, at.pool.oversize());
    });
}

TEST_CASE("pool-random: frames taken and given back by chance: none is handed out twice") {
    alone([] {
        Pool at;
        Draw draw(51);
        std::vector<void*> in_use;
        unsigned refused = 0;
        for (unsigned i = 0; i < 3000; i++) {
            if (in_use.empty() || draw.below(5) < 3) {
                const Word bytes = 1 + draw.below(Pool::block);
                void* const frame = at.pool.allocate(bytes);
                const bool there = in_use.size() < Pool::count && bytes <= Pool::most;
                if (!expect_equal("frames for " + number(bytes) + " bytes, with " +
                                      number(in_use.size()) + " of 8 blocks in use",
                                  there ? 1 : 0, frame != nullptr ? 1 : 0))
                    return;
                refused += there ? 0 : 1;
                if (frame == nullptr)
                    continue;
                if (!expect("a frame in use is not handed out again",
                            std::ranges::find(in_use, frame) == in_use.end()))
                    return;
                in_use.push_back(frame);
            } else {
                const Word which = draw.below(in_use.size());
                rt::FramePool::free(in_use[which]);
                in_use.erase(in_use.begin() + static_cast<ptrdiff_t>(which));
            }
        }
        at.expect_counts("in the end", static_cast<unsigned>(in_use.size()), refused);
    });
}
