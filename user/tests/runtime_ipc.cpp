// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Asynchronous IPC between threads: user interrupts, parking and rings together.
/// @stage{5}
#include "user/tests/runtime.hpp"

namespace {

constexpr abi::RingLines lines{.requests = 32, .replies = 32};

struct Shared {
    alignas(64) std::byte memory[abi::buffer_bytes(lines)];
};

/// Client and server, each in a thread of its own.
struct Pair {
    Pair(Word client_priority, Word server_priority)
        : client(client_priority), server(server_priority) {
        rt::SharedBuffer(shared.memory, lines).initialise();
        to_server = server.badged(1);
        to_client = client.badged(1);
    }

    Shared shared;
    RuntimeThread client, server;
    CPtr to_server, to_client;
    std::atomic<bool> stop = false;
    Word sum = 0;
    Word served = 0;
};

rt::Task<> adder(rt::Frames /*frames*/, Pair* pair, ipc::Client* client, Word calls,
                 unsigned* left) {
    for (Word i = 0; i < calls; i++) {
        const auto reply = co_await ipc::call<1>(*client, ipc::Message{1, i, Word{1}});
        if (reply)
            pair->sum += reply.words[0];
    }
    --*left;
}

void serve(Pair& pair) {
    rt::FramePool pool(pair.server.memory(), RuntimeThread::frame_bytes);
    rt::Executor executor(pool);
    rt::Notified self(executor, pair.server.objects());
    rt::Peer client(self, pair.to_client, pair.client.hint());
    ipc::Server server(executor, rt::SharedBuffer(pair.shared.memory, lines).server(),
                       client.callback(), 1, [&pair](const ipc::Request<2>& request) {
                           pair.served++;
                           return ipc::Message{0, request.words[0] + request.words[1]};
                       });
    self.expect(server, 1);
    self.run([] { return false; });
}

void call(Pair& pair, unsigned concurrency, Word calls) {
    rt::FramePool pool(pair.client.memory(), RuntimeThread::frame_bytes);
    rt::Executor executor(pool);
    rt::Notified self(executor, pair.client.objects());
    rt::Peer server(self, pair.to_server, pair.server.hint());
    ipc::Client client(executor, rt::SharedBuffer(pair.shared.memory, lines).client(),
                       server.callback(), 1);
    self.expect(client, 1);
    unsigned left = concurrency;
    for (unsigned i = 0; i < concurrency; i++)
        expect("a task", executor.spawn(adder(pool, &pair, &client, calls, &left), 1));
    self.run([&] { return left == 0; });
}

void check_pair(Pair& pair, unsigned concurrency, Word calls) {
    const auto serving = [&] { serve(pair); };
    const auto calling = [&] { call(pair, concurrency, calls); };
    start(pair.server.thread(), serving);
    start(pair.client.thread(), calling);
    pair.client.thread().join();
    expect_equal("calls", concurrency * calls, pair.served);
    expect_equal("sum", concurrency * (calls * (calls + 1) / 2), pair.sum);
}

} // namespace

TEST("runtime: calls between equals on one hart") {
    for (const unsigned concurrency : {1U, 2U, 20U}) {
        Pair pair(as_test, as_test);
        check_pair(pair, concurrency, 50);
    }
}

TEST("runtime: calls to a server that is more important, and to one that is less") {
    Pair up(below, above);
    check_pair(up, 3, 50);
    Pair down(above, below);
    check_pair(down, 3, 50);
}

TEST("runtime: calls between harts") {
    if (several_harts() == 0)
        return;
    for (const unsigned concurrency : {1U, 8U}) {
        Pair pair(as_test, as_test);
        set_affinity(pair.server.thread().tcb(), 1);
        check_pair(pair, concurrency, 50);
    }
}
