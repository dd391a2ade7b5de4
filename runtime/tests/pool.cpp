// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Frames and tasks: where promises lie, ids, what happens without frames, children and parents.
/// Read next: runtime/frame_pool.hpp, runtime/task.hpp.
/// @stage{5}
#include "runtime/executor.hpp"

#include <doctest/doctest.h>
#include <set>

namespace {

using rt::FramePool;
using rt::Frames;
using rt::Task;

template <size_t blocks>
struct Pool {
    alignas(64) std::byte memory[1024 * blocks];
    FramePool pool{memory, 1024};
};

Task<int> twice(Frames /*frames*/, int value) { co_return 2 * value; }

Task<int> sum_of_doubles(Frames frames, int first, int second) {
    const auto one = co_await twice(frames, first);
    const auto two = co_await twice(frames, second);
    co_return one&& two ? *one + *two : -1;
}

Task<> store(Frames frames, int* where) {
    const auto result = co_await sum_of_doubles(frames, 3, 4);
    *where = result ? *result : -2;
}

} // namespace

TEST_CASE("pool: blocks are handed out once, refused when used up, and come back") {
    Pool<4> four;
    std::set<void*> frames;
    for (unsigned i = 0; i < 4; i++)
        frames.insert(four.pool.allocate(100));
    CHECK(frames.size() == 4);
    CHECK(!frames.contains(nullptr));
    CHECK(four.pool.used() == 4);
    CHECK(four.pool.allocate(100) == nullptr);
    CHECK(four.pool.refused() == 1);
    for (void* const frame : frames)
        FramePool::free(frame);
    CHECK(four.pool.used() == 0);
    CHECK(four.pool.allocate(1024) == nullptr); // larger than a block with its head
    CHECK(four.pool.allocate(1024 - FramePool::head_bytes) != nullptr);
}

TEST_CASE("pool: every id leads into the pool, and ids of a block differ") {
    Pool<4> four;
    std::set<rt::PromiseHead*> places;
    for (abi::Word id = 0; id < 100'000; id += 7)
        places.insert(&four.pool.ids().head_of(id * 0x9e37'79b9'7f4a'7c15));
    CHECK(places.size() == 4);
    uint32_t id = 3 * 1024;
    rt::PromiseHead* const promise = &four.pool.ids().head_of(id);
    std::set<uint32_t> ids;
    for (unsigned i = 0; i < 100'000; i++, id = four.pool.id_after(id)) {
        ids.insert(id);
        CHECK(&four.pool.ids().head_of(id) == promise);
    }
    CHECK(ids.size() == 100'000);
}

TEST_CASE("task: the promise is where ids lead to") {
    Pool<4> four;
    Task<int> task = twice(four.pool, 1);
    const auto handle = task.release();
    rt::PromiseBase& promise = handle.promise();
    CHECK(reinterpret_cast<std::byte*>(&promise) ==
          static_cast<std::byte*>(handle.address()) + FramePool::promise_offset);
    CHECK(&four.pool.ids().head_of(promise.id) == &promise);
    CHECK(promise.handle().address() == handle.address());
    handle.destroy();
    CHECK(four.pool.used() == 0);
}

TEST_CASE("task: children run where they are awaited, and their frames go") {
    Pool<8> eight;
    rt::Executor executor(eight.pool);
    int result = 0;
    CHECK(executor.spawn(store(eight.pool, &result), 3));
    CHECK(result == 0); // not before it runs
    executor.run_until_idle();
    CHECK(result == 14);
    CHECK(eight.pool.used() == 0);
}

TEST_CASE("pool: a frame that no block can hold is told apart from one that has to wait") {
    Pool<1> one;
    CHECK(one.pool.allocate(100) != nullptr);
    CHECK(one.pool.allocate(100) == nullptr);
    CHECK(one.pool.oversize() == 0);
    CHECK(one.pool.allocate(5000) == nullptr);
    CHECK(one.pool.oversize() == 5000);
    CHECK(one.pool.refused() == 2);
}

TEST_CASE("task: without a frame a result is an error, and nothing is lost") {
    Pool<2> two;
    rt::Executor executor(two.pool);
    int result = 0;
    CHECK(executor.spawn(store(two.pool, &result), 3)); // the third frame is missing
    executor.run_until_idle();
    CHECK(result == -1);
    CHECK(two.pool.used() == 0);
    CHECK(two.pool.refused() == 2);
}

TEST_CASE("task: without a frame none is spawned") {
    Pool<1> one;
    rt::Executor executor(one.pool);
    int result = 0;
    const Task<int> first = twice(one.pool, 1);
    CHECK(first);
    CHECK(!executor.spawn(store(one.pool, &result), 3));
}

TEST_CASE("task: one that never ran takes its frame with it") {
    Pool<1> one;
    {
        const Task<int> task = twice(one.pool, 1);
        CHECK(one.pool.used() == 1);
    }
    CHECK(one.pool.used() == 0);
}
