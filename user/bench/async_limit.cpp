// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What an asynchronous call and its reply cost by themselves: client and server in one process,
/// two executors that take turns as two processes on one hart would, with everything that real ones
/// do but switch contexts. Requests have two words, replies one; each reply is the next request, so
/// that none can be left out. For a machine that counts instructions: `make bench-async-limit`.
///
///     figure async.limit value=79 round=2518 concurrency=32
///
/// Read next: tools/bench/async_limit.py, runtime/rounds.hpp.
/// @stage{none}
#include "runtime/ipc.hpp"
#include "runtime/rounds.hpp"
#include "user/lib/console.hpp"
#include "user/lib/program.hpp"

namespace {

using abi::Word;

constexpr abi::RingLines lines{128, 128};
constexpr unsigned warm_up = 100;
constexpr unsigned rounds = 1000;
constexpr unsigned vector = 1;
constexpr Word block_bytes = 512;

alignas(4096) std::byte memory[abi::buffer_bytes(lines)];
alignas(64) std::byte client_frames[block_bytes * 128];
alignas(64) std::byte server_frames[block_bytes * 8];

unsigned ended = 0;

Word instructions() {
    Word count;
    asm volatile("rdcycle %0" : "=r"(count) : : "memory");
    return count;
}

/// One of the two, and what it was notified of.
struct Side {
    rt::FramePool pool;
    rt::Executor executor{pool};
    Word notified = 0;

    explicit Side(std::span<std::byte> frames) : pool(frames, block_bytes) {}

    rt::Callback notify() {
        return {[](void* self) { static_cast<Side*>(self)->notified |= Word{1} << vector; }, this};
    }
    /// In place, as in the loop of a real program: rt::run().
    [[gnu::always_inline]] void turn() { executor.rounds(std::exchange(notified, 0)); }
};

struct Add {
    ipc::Message<1> operator()(const ipc::Request<2>& request) const {
        return ipc::Message{0, request.words[0] + request.words[1]};
    }
};

rt::Task<> worker(rt::Frames /*frames*/, ipc::Client* client, Word first, Word last) {
    for (Word value = first;;) {
        const auto reply = co_await ipc::call<1>(*client, ipc::Message{1, value, 1});
        if (!reply)
            co_return;
        value = reply.words[0];
        if (value == last)
            break;
    }
    ended++;
}

[[gnu::noinline]] void take_turns(Side& client, Side& server, unsigned count) {
    for (unsigned i = 0; i < count; i++) {
        client.turn();
        server.turn();
    }
}

void measure(unsigned concurrency) {
    rt::SharedBuffer buffer(memory, lines);
    buffer.initialise();
    Side here(client_frames);
    Side there(server_frames);
    ipc::Client client(here.executor, buffer.client(), there.notify(), 1);
    ipc::Server server(there.executor, buffer.server(), here.notify(), 1, Add{});
    here.executor.attach(client, vector);
    there.executor.attach(server, vector);
    ended = 0;
    for (Word i = 0; i < concurrency; i++)
        here.executor.spawn(worker(here.pool, &client, i, i + warm_up + rounds), 1);
    take_turns(here, there, warm_up);
    const Word start = instructions();
    take_turns(here, there, rounds);
    const Word round = (instructions() - start) / rounds;
    take_turns(here, there, 1);
    if (ended != concurrency)
        println("missing async.limit: ", concurrency - ended,
                " callers did not end as they should");
    println("figure async.limit value=", (round + concurrency / 2) / concurrency, " round=", round,
            " concurrency=", concurrency);
}

} // namespace

int main() {
    constexpr unsigned in_flight[] = {1, 2, 4, 8, 32, 64};
    for (const unsigned concurrency : in_flight)
        measure(concurrency);
    println("end of figures");
    return 0;
}
