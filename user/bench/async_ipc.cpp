// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Messages between two address spaces: a client with 1 to 512 coroutines, each of which waits for
/// its answer, and a server. The twin is one thread that calls, which never has more than one
/// message on its way (PROFILE=sel4).
///
///     one hart        client | server | client | server ...
///     several         client                     all servers but one are on another hart
///                     server that is near
///
/// Read next: workload.hpp, async_thread.hpp.
/// @stage{none}
#include "user/bench/async.hpp"
#include "user/bench/async_thread.hpp"
#include "user/bench/space.hpp"
#include "user/bench/workload.hpp"
#include "user/lib/program.hpp"

namespace bench {

namespace {

constexpr abi::RingLines lines{1024, 1024};
constexpr Word frame_bytes = 512;
constexpr rt::Priority dispatch_priority = 1;
constexpr rt::Priority worker_priority = 1;
/// Of each coroutine, and of all together, at most.
constexpr Word most_calls = 1000;
constexpr Word most_calls_together = 32'000;

alignas(user::page_size) constinit std::byte memory[abi::buffer_bytes(lines)] = {};
alignas(64) constinit std::byte client_frames[(most_concurrent + 2) * frame_bytes] = {};
alignas(64) constinit std::byte server_frames[8 * frame_bytes] = {};

/// A server of synchronous messages.
struct Twin {
    user::Thread thread;
    CPtr endpoint = 0;

    bool create(user::VSpace& space, Word hart) {
        endpoint = user::allocator.make(abi::ObjectType::endpoint);
        return thread.create(user::allocator, space, AsyncThread::priority) &&
               (!config::smp ||
                sel4::invoke(thread.tcb(), abi::TcbSetAffinity{config::smp ? hart : 0}));
    }
    void destroy() {
        thread.destroy();
        user::allocator.destroy(endpoint);
    }
};

/// On the stack of the root task, which every address space shows.
struct Threads {
    AsyncThread client;
    AsyncThread server;
    Twin near; ///< on the client's hart
    Twin far;
};

struct Results {
    Series near;
    Series far;
    Series series[concurrency_count];
};

constinit Machine machine = {};
constinit Threads* threads = nullptr;
constinit Results results = {};

template <unsigned load>
void serve(Word) {
    AsyncThread& self = threads->server;
    self.enter();
    rt::FramePool frames(server_frames, frame_bytes);
    rt::Executor executor(frames);
    rt::SharedBuffer buffer(memory, lines);
    ipc::Server server(executor, buffer.server(), self.peer(), dispatch_priority, Adder<load>{});
    executor.attach(server, self.vector());
    if (machine.several())
        self.look_at(buffer.server().in.own().head);
    self.run(executor, [] { return false; });
}

/// The calls of `count` coroutines.
Word call_often(rt::Executor& executor, ipc::Client& client, unsigned count, Series& series) {
    const Word calls = std::min(most_calls, most_calls_together / count);
    AsyncThread& self = threads->client;
    unsigned running = count;
    for (unsigned i = 0; i < count; i++)
        executor.spawn(
            count_asynchronously(executor.pool(), &client, i, i + calls, &running, &self),
            worker_priority);
    return measure(series, count * calls,
                   [&] { self.run(executor, [&] { return running == 0; }); });
}

Word call_twin(const Twin& twin, Series& series) {
    return measure(series, most_calls, [&] { count_synchronously(twin.endpoint, 0, most_calls); });
}

/// Everything once.
void do_round(rt::Executor& executor, ipc::Client& client) {
    Word whole = 1;
    if constexpr (config::synchronous_ipc) {
        const Word near = call_twin(threads->near, results.near);
        whole = machine.several() ? near : 1;
        results.near.add(near, whole);
        if (machine.several())
            results.far.add(call_twin(threads->far, results.far), whole);
    }
    for (unsigned i = 0; i < concurrency_count; i++) {
        Series& series = results.series[i];
        series.add(call_often(executor, client, concurrencies[i], series), whole);
    }
}

void be_client(Word) {
    AsyncThread& self = threads->client;
    self.enter();
    rt::FramePool frames(client_frames, frame_bytes);
    rt::Executor executor(frames);
    rt::SharedBuffer buffer(memory, lines);
    ipc::Client client(executor, buffer.client(), self.peer(), dispatch_priority);
    executor.attach(client, self.vector());
    if (machine.several())
        self.look_at(buffer.client().in.own().head);
    for (unsigned round = 0; round < machine.rounds; round++)
        do_round(executor, client);
}

bool create(user::VSpace& space) {
    rt::SharedBuffer(memory, lines).initialise();
    const Word other = machine.other_hart();
    return threads->server.create(space, other) && threads->client.create(user::vspace, 0) &&
           AsyncThread::connect(threads->client, threads->server) &&
           (!config::synchronous_ipc ||
            (threads->near.create(space, 0) && threads->far.create(space, other)));
}

void destroy() {
    threads->client.destroy();
    threads->server.destroy();
    if constexpr (config::synchronous_ipc) {
        threads->near.destroy();
        threads->far.destroy();
    }
}

void tell_all(int load) {
    if constexpr (config::synchronous_ipc) {
        tell({.name = "sync.call_reply", .load = load, .where = "near"}, machine, results.near);
        if (machine.several())
            tell({.name = "sync.call_reply", .load = load, .where = "far"}, machine, results.far);
    }
    for (unsigned i = 0; i < concurrency_count; i++)
        tell({.name = "async.ipc", .concurrency = concurrencies[i], .load = load}, machine,
             results.series[i]);
}

template <unsigned load>
bool measure_load(user::VSpace& space) {
    results = {};
    Threads here;
    threads = &here;
    if (!create(space))
        return false;
    if constexpr (config::synchronous_ipc) {
        threads->near.thread.start(serve_synchronously<load>, threads->near.endpoint);
        threads->far.thread.start(serve_synchronously<load>, threads->far.endpoint);
    }
    threads->server.start(serve<load>, 0);
    threads->client.start(be_client, 0);
    threads->client.join();
    destroy();
    tell_all(load);
    return true;
}

} // namespace

bool measure_ipc(const Machine& which) {
    machine = which;
    user::VSpace* const space = other_space();
    return space != nullptr && measure_load<0>(*space) && measure_load<10>(*space) &&
           measure_load<20>(*space) && measure_load<30>(*space);
}

} // namespace bench
