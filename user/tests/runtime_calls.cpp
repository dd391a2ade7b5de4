// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// System calls of coroutines: through the ring or by a trap, with the same results.
/// @stage{6}
#include "runtime/system_calls.hpp"
#include "user/tests/runtime.hpp"

namespace {

constexpr abi::RingLines lines{.requests = 64, .replies = 64};
constexpr Word base = 0x30'0000'0000;

struct Mapper {
    RuntimeThread thread{as_test};
    rt::SystemCalls::Objects objects;
    CPtr frames[16];
    Word done = 0;
    Word errors = 0;
    Word by_ring = 0, by_trap = 0;

    Mapper() {
        objects.registration = make(ObjectType::async_registration, abi::async_registration_bits);
        objects.replies = make(ObjectType::notification);
        const CPtr buffer = make(ObjectType::mega_page);
        objects.buffer = reinterpret_cast<void*>(vspace.map_somewhere(buffer, abi::mega_page_bits));
        objects.lines = lines;
        expect_success("a frame", invoke(objects.registration, abi::AsyncAddFrame{}, buffer));
        for (CPtr& frame : frames)
            frame = make(ObjectType::page);
        // Its page tables.
        expect("a place",
               bool(vspace.map(make(ObjectType::page), base + 0x10'0000, user::read_write, 0)));
    }
};

rt::Task<> map_and_unmap(rt::Frames /*frames*/, Mapper* mapper, unsigned index, unsigned* left) {
    const CPtr frame = mapper->frames[index];
    for (unsigned i = 0; i < 10; i++) {
        const auto mapped =
            co_await async::page_map(frame, abi::root_vspace, base + Word{index} * 4096, 3);
        const auto again =
            co_await async::page_map(frame, abi::root_vspace, base + Word{index} * 4096 + 1, 3);
        const auto unmapped = co_await async::page_unmap(frame);
        mapper->done += mapped && unmapped ? 1 : 0;
        mapper->errors += again.error == Error::alignment_error ? 1 : 0;
    }
    --*left;
}

void run(Mapper& mapper, unsigned concurrency) {
    rt::FramePool pool(mapper.thread.memory(), RuntimeThread::frame_bytes);
    rt::Executor executor(pool);
    rt::Notified self(executor, mapper.thread.objects());
    rt::SystemCalls calls(self, mapper.thread.objects(), mapper.objects);
    unsigned left = concurrency;
    for (unsigned i = 0; i < concurrency; i++)
        expect("a task", executor.spawn(map_and_unmap(pool, &mapper, i, &left), 1));
    self.run([&] { return left == 0; });
    mapper.by_ring = calls.by_ring;
    mapper.by_trap = calls.by_trap;
}

void check(Mapper& mapper, unsigned concurrency) {
    const auto body = [&] { run(mapper, concurrency); };
    start(mapper.thread.thread(), body);
    mapper.thread.thread().join();
    expect_equal("pairs", Word{concurrency} * 10, mapper.done);
    expect_equal("errors", Word{concurrency} * 10, mapper.errors);
    expect_equal("calls", Word{concurrency} * 30, mapper.by_ring + mapper.by_trap);
}

} // namespace

TEST("runtime: one coroutine makes its system calls by traps") {
    Mapper mapper;
    check(mapper, 1);
    expect("but for a try", mapper.by_ring <= 1);
}

TEST("runtime: many coroutines share the trap of their system calls") {
    Mapper mapper;
    check(mapper, 16);
    expect("most go through the ring", mapper.by_ring > mapper.by_trap);
}
