// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Tasks without a peer: frames, coroutines that take turns, coroutines that sleep.
/// Read next: calls.cpp.
#include "labs/5-runtime/tests/process/party.hpp"

namespace party {

namespace {

rt::Task<> take_turns(rt::Frames /*frames*/, Party* self, Word which, Word turns) {
    for (Word i = 0; i < turns; i++) {
        self->put(which);
        co_await rt::yield();
    }
}

rt::Task<> sleep_once(rt::Frames /*frames*/, Party* self, Word which, Word deadline) {
    co_await rt::sleep_until(deadline);
    self->put(which);
}

} // namespace

void frames(Party& self) {
    constexpr Word block = 256;
    alignas(64) static constinit std::byte memory[16 * block] = {};
    static void* taken[data_words];
    Word oldest = 0;
    Word newest = 0;
    rt::FramePool pool({memory, self.task.burst * block}, block);
    for (Word i = 0; i < self.task.count; i++) {
        Word answer = 0;
        if (self.input[i] != 0) {
            if (void* const frame = pool.allocate(self.input[i])) {
                taken[newest++] = frame;
                answer = reinterpret_cast<Word>(frame) - reinterpret_cast<Word>(memory) + 1;
            }
        } else if (oldest != newest) {
            rt::FramePool::free(taken[oldest++]);
        }
        self.put(answer);
    }
}

void turns(Party& self) {
    for (Word i = 0; i < self.task.count; i++)
        self.spawn(take_turns(self.pool, &self, i, self.input[i] >> 8),
                   static_cast<rt::Priority>(self.input[i] & 0xff));
    self.executor.run_until_idle();
}

void sleep(Party& self) {
    for (Word i = 0; i < self.task.count; i++)
        self.spawn(sleep_once(self.pool, &self, i, self.input[i]));
    while (const Word deadline = self.executor.run_until_idle().deadline)
        clock_time = deadline;
}

} // namespace party
