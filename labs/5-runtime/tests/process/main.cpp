// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The process: does its task with the code of the exercises.
/// Read next: turns.cpp, calls.cpp, park.cpp.
#include "labs/5-runtime/tests/process/party.hpp"

namespace party {

constinit Word clock_time = 0;

namespace {

constexpr Word block_bytes = 2048;
constexpr Word blocks = 128;
alignas(64) constinit std::byte memory[blocks * block_bytes] = {};

void perform(Party& self) {
    switch (self.task.role) {
    case Role::snoop:
        return snoop(self);
    case Role::frames:
        return frames(self);
    case Role::turns:
        return turns(self);
    case Role::sleep:
        return sleep(self);
    case Role::call:
        return call(self);
    case Role::serve:
        return serve(self);
    case Role::park:
        return park(self);
    case Role::measure:
        return measure(self);
    }
}

Word now() { return clock_time; }

} // namespace

} // namespace party

int main() {
    using namespace party;
    const Given given = open();
    rt::FramePool pool(memory, block_bytes);
    rt::Executor executor(pool, now);
    Party self{given, {given.buffer, ring_lines}, pool, executor};
    perform(self);
    return 0;
}
