// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// @stage{none}
#include "runtime/ipc.hpp"
#include "runtime/rounds.hpp"
#include "user/lib/console.hpp"
#include "user/lib/program.hpp"

namespace {

using abi::Word;
constexpr abi::RingLines lines{128, 128};
alignas(4096) std::byte memory[abi::buffer_bytes(lines)];

alignas(64) std::byte client_memory[512 * 128];
alignas(64) std::byte server_memory[512 * 8];

inline Word cycles() {
    Word count;
    asm volatile("rdcycle %0" : "=r"(count) : : "memory");
    return count;
}

void note(void* pending) { *static_cast<Word*>(pending) |= 2; }

Word ended = 0;

/// Each reply is the next request, so that every one of them counts.
rt::Task<> worker(rt::FramePool&, ipc::Client* client, Word first, Word last) {
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

void measure(unsigned n) {
    rt::FramePool client_frames(client_memory, 512);
    rt::FramePool server_frames(server_memory, 512);
    rt::SharedBuffer buffer(memory, lines);
    buffer.initialise();
    Word pending_ce = 0, pending_se = 0;
    rt::Executor ce(client_frames);
    rt::Executor se(server_frames);
    auto add = [](const ipc::Request<2>& r) { return ipc::Message{0, r.words[0] + r.words[1]}; };
    ipc::Client client(ce, buffer.client(), {note, &pending_se}, 1);
    ipc::Server server(se, buffer.server(), {note, &pending_ce}, 1, add);
    ce.attach(client, 1);
    se.attach(server, 1);
    for (unsigned i = 0; i < n; i++)
        ce.spawn(worker(client_frames, &client, i, i + 1100), 1);
    auto turns = [&](unsigned count) {
        for (unsigned i = 0; i < count; i++) {
            ce.rounds(std::exchange(pending_ce, 0));
            se.rounds(std::exchange(pending_se, 0));
        }
    };
    ended = 0;
    turns(100);
    const Word start = cycles();
    turns(1000);
    const Word end = cycles();
    turns(2);
    println("figure async.limit value=", (end - start) / (1000 * n),
            " tenths=", (end - start) / (100 * n), " concurrency=", n, " ended=", ended);
}

} // namespace

int main() {
    for (unsigned n : {1U, 2U, 4U, 8U, 32U, 64U})
        measure(n);
    println("end of figures");
    return 0;
}
