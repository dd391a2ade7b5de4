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
/// How many calls are measured.
struct Amount {
    Word of_each; ///< coroutine, at most
    Word together;
    Word near; ///< of the twin
    Word far;
};
constexpr Amount one_hart{.of_each = 1000, .together = 32'000, .near = 1000, .far = 0};
/// Where time is measured, which depends on what else the host does.
constexpr Amount several_harts{.of_each = 250, .together = 16'000, .near = 10'000, .far = 100};

alignas(user::page_size) constinit std::byte memory[abi::buffer_bytes(lines)] = {};
alignas(64) constinit std::byte client_frames[(most_concurrent + 2) * frame_bytes] = {};
alignas(64) constinit std::byte server_frames[8 * frame_bytes] = {};

/// A thread of the twin: one that no user interrupt reaches, for switching to those costs more.
struct TwinThread {
    user::Thread thread;
    CPtr object = 0; ///< an endpoint or a notification

    bool create(user::VSpace& space, Word hart, abi::ObjectType type) {
        object = user::allocator.make(type);
        return thread.create(user::allocator, space, AsyncThread::priority) &&
               (!config::smp || sel4::invoke(thread.tcb(), abi::TcbSetAffinity{hart}));
    }
    void destroy() {
        thread.destroy();
        user::allocator.destroy(object);
    }
};

/// On the stack of the root task, which every address space shows.
struct Threads {
    AsyncThread client;
    AsyncThread server;
    // The twin.
    TwinThread caller; ///< calls when its notification is signalled
    TwinThread near;   ///< server on the client's hart
    TwinThread far;
    CPtr called = 0; ///< what the caller signals
};

struct Results {
    Word whole; ///< of which everything in this round is told as a part
    Series near;
    Series far;
    Series series[concurrency_count];
};

constinit Machine machine = {};
constinit Threads* threads = nullptr;
constinit Results results = {};

const Amount& amount() { return machine.several() ? several_harts : one_hart; }

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
    const Word calls = std::min(amount().of_each, amount().together / count);
    AsyncThread& self = threads->client;
    unsigned running = count;
    for (unsigned i = 0; i < count; i++)
        executor.spawn(
            count_asynchronously(executor.pool(), &client, i, i + calls, &running, &self),
            worker_priority);
    return measure(series, count * calls,
                   [&] { self.run(executor, [&] { return running == 0; }); });
}

Word call_twin(const TwinThread& server, Word calls, Series& series) {
    return measure(series, calls, [&] { count_synchronously(server.object, 0, calls); });
}

[[maybe_unused]] void be_caller(Word) {
    for (;;) {
        sel4::wait(threads->caller.object);
        const Word near = call_twin(threads->near, amount().near, results.near);
        results.whole = machine.several() ? near : 1;
        results.near.add(near, results.whole);
        if (machine.several())
            results.far.add(call_twin(threads->far, amount().far, results.far), results.whole);
        sel4::signal(threads->called);
    }
}

/// Everything once.
void do_round(rt::Executor& executor, ipc::Client& client) {
    results.whole = 1;
    if constexpr (config::synchronous_ipc) {
        sel4::signal(threads->caller.object);
        sel4::wait(threads->called);
    }
    for (unsigned i = 0; i < concurrency_count; i++) {
        Series& series = results.series[i];
        series.add(call_often(executor, client, concurrencies[i], series), results.whole);
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
    if constexpr (config::synchronous_ipc)
        threads->called = user::allocator.make(abi::ObjectType::notification);
    return threads->server.create(space, other) && threads->client.create(user::vspace, 0) &&
           AsyncThread::connect(threads->client, threads->server) &&
           (!config::synchronous_ipc ||
            (threads->caller.create(user::vspace, 0, abi::ObjectType::notification) &&
             threads->near.create(space, 0, abi::ObjectType::endpoint) &&
             threads->far.create(space, other, abi::ObjectType::endpoint)));
}

void destroy() {
    threads->client.destroy();
    threads->server.destroy();
    if constexpr (config::synchronous_ipc) {
        user::allocator.destroy(threads->called);
        threads->caller.destroy();
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
        threads->near.thread.start(serve_synchronously<load>, threads->near.object);
        threads->far.thread.start(serve_synchronously<load>, threads->far.object);
        threads->caller.thread.start(be_caller);
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
