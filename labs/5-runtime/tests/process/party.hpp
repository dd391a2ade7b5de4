// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A process with a runtime: its pool, its executor, and its end of the buffer. Where its task is
/// not to park it waits for its notification instead, so that exercise 5.7 is not needed.
/// Read next: main.cpp.
#pragma once

#include "labs/5-runtime/tests/process/task.hpp"
#include "labs/lib/judge/process.hpp"
#include "runtime/ipc.hpp"

namespace party {

constexpr unsigned vector = 3; ///< of the connection, in this executor only

/// The process's clock: it is set forward, so that nobody need wait.
extern constinit Word clock_time;

struct Party : Given {
    rt::SharedBuffer buffer;
    rt::FramePool& pool;
    rt::Executor& executor;

    void put(Word word) {
        const Word at = task.taken.load_relaxed();
        if (at < data_words)
            output[at] = word;
        task.taken.store_relaxed(at + 1);
    }
    /// How the other side is notified.
    [[nodiscard]] rt::Callback notify() {
        return {[](void* self) { sel4::signal(static_cast<Party*>(self)->peer); }, this};
    }
    /// Lets a coroutine run, or ends the process.
    void spawn(rt::Task<> coroutine, rt::Priority priority = 3) const {
        if (!executor.spawn(std::move(coroutine), priority))
            fail(End::no_memory);
    }
};

void frames(Party& self);
void turns(Party& self);
void sleep(Party& self);
void call(Party& self);
void serve(Party& self);
void park(Party& self);
void measure(Party& self);

} // namespace party
