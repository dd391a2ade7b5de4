// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A client and a server, each with its executor, that take turns: what two processes on one hart
/// do. Notifications are bits that are handed over at the next turn, and counted.
/// @stage{5}
#pragma once

#include "runtime/ipc.hpp"
#include "runtime/tests/memory.hpp"

namespace test {

using abi::Word;

inline Word clock_time = 0;
inline Word now() { return clock_time; }

/// Frames, an executor, and the vectors that were notified.
struct Side {
    static constexpr unsigned vector = 5;
    static constexpr Word block = 2048;

    explicit Side(unsigned frames = 128)
        : memory(static_cast<std::byte*>(std::aligned_alloc(64, frames * block))),
          pool({memory, frames * block}, block), executor(pool, now) {}
    Side(const Side&) = delete;
    Side& operator=(const Side&) = delete;
    ~Side() { std::free(memory); }

    [[nodiscard]] rt::Callback notify() { return {notify_side, this}; }
    void run() {
        const Word vectors = std::exchange(notified, 0);
        executor.run_until_idle(vectors);
    }

    std::byte* memory;
    rt::FramePool pool;
    rt::Executor executor;
    Word notified = 0;
    unsigned notifications = 0;

private:
    static void notify_side(void* self) {
        Side& side = *static_cast<Side*>(self);
        side.notified |= Word{1} << vector;
        side.notifications++;
    }
};

/// Both, with a handler.
template <class Handler>
struct Pair {
    explicit Pair(Handler handler, abi::RingLines lines = {16, 16}, unsigned server_frames = 128)
        : memory(lines), there(server_frames),
          client(here.executor, memory.buffer.client(), there.notify(), 8),
          server(there.executor, memory.buffer.server(), here.notify(), 8, handler) {
        here.executor.attach(client, Side::vector);
        there.executor.attach(server, Side::vector);
    }

    /// Turns until nobody is notified any more.
    void run() {
        do {
            here.run();
            there.run();
        } while (here.notified != 0 || there.notified != 0);
    }

    Memory memory;
    Side there;
    Side here;
    ipc::Client client;
    ipc::Server<Handler> server;
};

} // namespace test
