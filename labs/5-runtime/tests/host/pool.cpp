// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Exercise 5.1: memory for frames.
/// Read next: queue.cpp.
#include "labs/5-runtime/tests/host/setting.hpp"

#include <cstring>
#include <set>

using namespace setting;

namespace {

constexpr Word block = 256;
constexpr Word most = block - rt::FramePool::head_bytes; ///< bytes of a frame that fits

struct Pool {
    static constexpr unsigned blocks = 8;
    alignas(64) std::byte memory[blocks * block] = {};
    rt::FramePool pool{memory, block};

    /// Where a frame lies, from the beginning of the pool's memory.
    [[nodiscard]] Word offset(const void* frame) const {
        return static_cast<Word>(static_cast<const std::byte*>(frame) - memory);
    }
    /// It lies in a block, behind the block's head.
    void expect_in_block(const void* frame) const {
        if (!expect("a block is free: a frame is handed out", frame != nullptr))
            return;
        expect("a frame lies in the pool's memory", offset(frame) < sizeof memory);
        expect_equal("where a frame begins in its block: behind the head",
                     rt::FramePool::head_bytes, offset(frame) % block);
    }
};

} // namespace

TEST_CASE("pool-blocks: each block is handed out once, and lies where it should") {
    alone([] {
        Pool at;
        std::set<void*> frames;
        for (unsigned i = 0; i < Pool::blocks; i++) {
            expect_equal("frames in use", i, at.pool.used());
            void* const frame = at.pool.allocate(100);
            at.expect_in_block(frame);
            expect("no block is handed out twice", frames.insert(frame).second);
        }
        expect_equal("frames in use at the end", Pool::blocks, at.pool.used());
        expect_equal("frames that were refused", 0, at.pool.refused());
    });
}

TEST_CASE("pool-full: with all blocks in use there is none, and that is counted") {
    alone([] {
        Pool at;
        void* frame = nullptr;
        for (unsigned i = 0; i < Pool::blocks; i++)
            frame = at.pool.allocate(most);
        expect("a frame of a full pool is null", at.pool.allocate(1) == nullptr);
        expect("and so is the next one", at.pool.allocate(1) == nullptr);
        expect_equal("frames that were refused", 2, at.pool.refused());
        expect_equal("frames in use: those that were refused are not", Pool::blocks,
                     at.pool.used());
        expect_equal("bytes of a frame that was too large: none was", 0, at.pool.oversize());
        rt::FramePool::free(frame);
        expect("a block that came back is handed out again", at.pool.allocate(1) == frame);
    });
}

TEST_CASE("pool-size: a frame may fill its block, not more; what is too large is told") {
    alone([] {
        Pool at;
        void* const frame = at.pool.allocate(most);
        at.expect_in_block(frame);
        expect("one byte more than a block holds: null", at.pool.allocate(most + 1) == nullptr);
        expect_equal("bytes of the frame that was too large", most + 1, at.pool.oversize());
        expect("much more: null", at.pool.allocate(~size_t{0} - 8) == nullptr);
        expect_equal("frames that were refused", 2, at.pool.refused());
        expect_equal("frames in use", 1, at.pool.used());
        for (unsigned i = 1; i < Pool::blocks; i++)
            expect("no block was lost by that", at.pool.allocate(most) != nullptr);
        expect("too large for a pool that is full: null", at.pool.allocate(most + 9) == nullptr);
        expect_equal("bytes of the last frame that was too large", most + 9, at.pool.oversize());
        static_cast<void>(at.pool.allocate(5));
        expect_equal("a full pool says nothing of sizes", most + 9, at.pool.oversize());
    });
}

TEST_CASE("pool-last: what came back last is handed out first, for it is in the cache") {
    alone([] {
        Pool at;
        void* frames[4];
        for (void*& frame : frames)
            frame = at.pool.allocate(10);
        for (void* const frame : frames)
            rt::FramePool::free(frame);
        for (unsigned i = 4; i-- > 0;)
            expect_equal("offset of the frame", at.offset(frames[i]),
                         at.offset(at.pool.allocate(10)));
    });
}

TEST_CASE("pool-ids: the id that a frame's promise begins with leads to that promise") {
    alone([] {
        Pool at;
        std::set<uint32_t> ids;
        for (unsigned i = 0; i < 3 * Pool::blocks; i++) {
            void* const frame = at.pool.allocate(64);
            if (!expect("a frame is handed out", frame != nullptr))
                return;
            std::byte* const promise =
                static_cast<std::byte*>(frame) + rt::FramePool::promise_offset;
            auto* const head = new (promise) rt::PromiseHead;
            head->id = rt::FramePool::first_id(promise);
            expect("its id leads to it", &at.pool.ids().head_of(head->id) == head);
            expect("no other frame had this id before", ids.insert(head->id).second);
            head->id = at.pool.id_after(head->id); // it has made a call
            rt::FramePool::free(frame);
        }
    });
}

TEST_CASE("pool-random: frames come and go in any order, and keep what is in them") {
    alone([] {
        auto random = draw(1);
        Pool at;
        struct Frame {
            std::byte* memory;
            size_t bytes;
            int fill;
        };
        std::vector<Frame> frames;
        for (unsigned step = 0; step < 20'000; step++) {
            if (random() % 2 == 0) {
                const size_t bytes = 24 + random() % (most - 24 + 4);
                auto* const memory = static_cast<std::byte*>(at.pool.allocate(bytes));
                const bool fits = bytes <= most && frames.size() < Pool::blocks;
                if (!expect("a frame is handed out iff a block is free and it fits",
                            (memory != nullptr) == fits))
                    return;
                if (memory == nullptr)
                    continue;
                at.expect_in_block(memory);
                std::memset(memory, static_cast<int>(step % 251), bytes);
                frames.push_back({memory, bytes, static_cast<int>(step % 251)});
            } else if (!frames.empty()) {
                std::swap(frames[random() % frames.size()], frames.back());
                const Frame frame = frames.back();
                frames.pop_back();
                for (size_t i = 0; i < frame.bytes; i++) {
                    if (!expect("nobody else has written to a frame",
                                frame.memory[i] == std::byte(frame.fill)))
                        return;
                }
                new (frame.memory + rt::FramePool::promise_offset) rt::PromiseHead;
                rt::FramePool::free(frame.memory);
            }
            if (!expect_equal("frames in use", frames.size(), at.pool.used()))
                return;
        }
    });
}
