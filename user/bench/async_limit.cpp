// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The cost of an asynchronous message by itself: client and server in one thread, with an executor
/// each, which take turns. No traps, no switches, no notifications: what is left of async_ipc.cpp
/// when the machine costs nothing.
/// Read next: workload.hpp.
/// @stage{none}
#include "user/bench/async.hpp"
#include "user/bench/workload.hpp"
#include "user/lib/program.hpp"

namespace {

using bench::Word;

constexpr abi::RingLines lines{128, 128};
constexpr Word frame_bytes = 512;
constexpr unsigned most_workers = 64;
constexpr unsigned warm_up = 100;
constexpr unsigned turns = 1000; ///< of each worker one call

alignas(user::page_size) std::byte memory[abi::buffer_bytes(lines)];
alignas(64) std::byte client_memory[Word{2} * most_workers * frame_bytes];
alignas(64) std::byte server_memory[8 * frame_bytes];

/// A side's notifications, as vectors.
constexpr unsigned vector = 1;
void note(void* pending) { *static_cast<Word*>(pending) |= 1 << vector; }

void measure(unsigned count) {
    rt::FramePool client_frames(client_memory, frame_bytes);
    rt::FramePool server_frames(server_memory, frame_bytes);
    rt::SharedBuffer buffer(memory, lines);
    buffer.initialise();
    Word for_client = 0;
    Word for_server = 0;
    rt::Executor client_executor(client_frames);
    rt::Executor server_executor(server_frames);
    ipc::Client client(client_executor, buffer.client(), {note, &for_server}, 1);
    ipc::Server server(server_executor, buffer.server(), {note, &for_client}, 1, bench::Adder<0>{});
    client_executor.attach(client, vector);
    server_executor.attach(server, vector);
    bench::AsyncThread unused;
    unsigned running = count;
    for (unsigned i = 0; i < count; i++)
        client_executor.spawn(bench::count_asynchronously(client_frames, &client, i,
                                                          i + warm_up + turns + 1, &running,
                                                          &unused),
                              1);
    const auto take_turns = [&](unsigned number) {
        for (unsigned i = 0; i < number; i++) {
            client_executor.rounds(std::exchange(for_client, 0));
            server_executor.rounds(std::exchange(for_server, 0));
        }
    };
    take_turns(warm_up);
    bench::Series series;
    series.add(bench::measure(series, Word{turns} * count, [&] { take_turns(turns); }));
    take_turns(2);
    if (running != 0)
        bench::complain("async.ipc_limit", "a call was lost");
    bench::tell({.name = "async.ipc_limit", .concurrency = count}, {1, 1}, series);
}

} // namespace

int main() {
    for (const unsigned count : {1U, 2U, 4U, 8U, 16U, 32U, most_workers})
        measure(count);
    println("end of figures");
    return 0;
}
