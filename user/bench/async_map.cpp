// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// System calls through the ring: 1 to 512 coroutines, each of which maps a page of its own and
/// unmaps it again. The twin makes the same calls as traps, one after the other.
/// Read next: async_thread.hpp, kernel/async/registration.hpp.
/// @stage{none}
#include "runtime/system_calls.hpp"
#include "user/bench/async.hpp"
#include "user/bench/async_thread.hpp"
#include "user/lib/program.hpp"

namespace bench {

namespace {

constexpr abi::RingLines lines{1024, 1024};
constexpr Word frame_bytes = 512;
constexpr rt::Priority priority = 1;
/// Pairs of each coroutine, and of all together, at most.
constexpr Word most_pairs = 200;
constexpr Word most_pairs_elsewhere = 50; // where time is measured
constexpr Word most_pairs_together = 25'600;
/// Nothing else is there.
constexpr Word first_address = 0x30'0000'0000;
constexpr Word address_of(unsigned page) { return first_address + page * user::page_size; }

alignas(64) constinit std::byte frames_memory[(most_concurrent + 2) * frame_bytes] = {};

struct Scene {
    CPtr registration = 0;
    CPtr buffer = 0;
    void* memory = nullptr;
    CPtr pages[most_concurrent] = {};
    Series twin;
    Series series[concurrency_count];
    bool failed = false;
};
constinit Scene scene = {};
constinit Machine machine = {};
constinit AsyncThread* client = nullptr;

/// An invocation as a message. What that is made of must not be in the frame of a coroutine, which
/// it would not fit.
template <class I, class... Caps>
auto request(CPtr object, const I& arguments, Caps... caps) {
    return async::invoke(object, arguments, caps...).message();
}

rt::Task<> map_and_unmap(rt::Frames, ipc::Client* kernel, CPtr page, Word address, Word pairs,
                         unsigned* running) {
    for (Word i = 0; i < pairs; i++) {
        const abi::PageMap where{address, user::read_write, abi::execute_never};
        const auto mapped = co_await ipc::call<0>(*kernel, request(page, where, abi::root_vspace));
        if (mapped.label() != 0)
            co_return;
        const auto unmapped = co_await ipc::call<0>(*kernel, request(page, abi::PageUnmap{}));
        if (unmapped.label() != 0)
            co_return;
    }
    if (--*running == 0)
        client->stop_looking();
}

Word map_often(rt::Executor& executor, ipc::Client& kernel, unsigned count, Series& series) {
    const Word most = machine.several() ? most_pairs_elsewhere : most_pairs;
    const Word pairs = std::min(most, most_pairs_together / count);
    unsigned running = count;
    for (unsigned i = 0; i < count; i++)
        executor.spawn(
            map_and_unmap(executor.pool(), &kernel, scene.pages[i], address_of(i), pairs, &running),
            priority);
    return measure(series, count * pairs,
                   [&] { client->run_with_kernel(executor, [&] { return running == 0; }); });
}

Word map_by_traps() {
    constexpr unsigned pages = 64;
    return measure(scene.twin, pages * most_pairs, [] {
        for (Word i = 0; i < most_pairs; i++) {
            for (unsigned page = 0; page < pages; page++) {
                sel4::page_map(scene.pages[page], abi::root_vspace, address_of(page),
                               user::read_write, abi::execute_never);
                sel4::page_unmap(scene.pages[page]);
            }
        }
    });
}

void be_client(Word) {
    client->enter();
    const abi::RegisterAsyncSyscall rings{lines.requests, lines.replies};
    scene.failed = !sel4::invoke(scene.registration, rings, client->notification());
    if (scene.failed)
        return;
    rt::FramePool frames(frames_memory, frame_bytes);
    rt::Executor executor(frames);
    rt::SharedBuffer buffer(scene.memory, lines);
    ipc::Client kernel(executor, buffer.client(), client->kernel(machine.several()), priority);
    executor.attach(kernel, client->kernel_vector());
    if (machine.several())
        client->look_at(buffer.client().in.own().head);
    for (unsigned round = 0; round < machine.rounds; round++) {
        const Word twin = map_by_traps();
        const Word whole = machine.several() ? twin : 1;
        scene.twin.add(twin, whole);
        for (unsigned i = 0; i < concurrency_count; i++) {
            Series& series = scene.series[i];
            series.add(map_often(executor, kernel, concurrencies[i], series), whole);
        }
    }
}

bool create() {
    for (CPtr& page : scene.pages) {
        page = user::allocator.make(abi::ObjectType::page);
        if (!user::vspace.map(page, address_of(static_cast<unsigned>(&page - scene.pages))))
            return false;
        sel4::page_unmap(page); // the page tables stay
    }
    scene.registration = user::allocator.make(abi::ObjectType::async_registration, 13);
    scene.buffer = user::allocator.make(abi::ObjectType::mega_page);
    scene.memory =
        reinterpret_cast<void*>(user::vspace.map_somewhere(scene.buffer, abi::mega_page_bits));
    return scene.memory != nullptr && client->create(user::vspace, 0) &&
           sel4::invoke(scene.registration, abi::AsyncAddFrame{}, scene.buffer);
}

} // namespace

bool measure_map(const Machine& which) {
    machine = which;
    AsyncThread thread;
    client = &thread;
    if (!create())
        return false;
    client->start(be_client, 0);
    client->join();
    if (scene.failed)
        return false;
    tell({.name = "sync.mapunmap"}, machine, scene.twin);
    for (unsigned i = 0; i < concurrency_count; i++)
        tell({.name = "async.mapunmap", .concurrency = concurrencies[i]}, machine, scene.series[i]);
    return true;
}

} // namespace bench
