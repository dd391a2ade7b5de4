// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The memory of the tests, and a hart as boot leaves it.
#include "labs/2-notification/tests/kernel/setting.hpp"

#include "kernel/lib/assert.hpp"

#include <string.h>

namespace setting {

namespace {

constexpr unsigned memory_bits = 19;
constexpr Word memory_size = Word{1} << memory_bits;
alignas(1 << 14) constinit char memory[memory_size] = {};
constinit Word used = 0;

} // namespace

void reset() {
    used = 0;
    Hart& hart = this_hart();
    hart.current = &hart.idle;
    hart.action = Hart::Action::resume;
    hart.candidate = nullptr;
    for (Hart& each : harts)
        memset(static_cast<void*>(&each.queues), 0, sizeof each.queues);
}

PAddr take(unsigned bits) {
    used = (used + mask(bits)) & ~mask(bits);
    if (used + (Word{1} << bits) > memory_size)
        panic("a test needs more memory than there is");
    char* const start = memory + used;
    used += Word{1} << bits;
    memset(start, 0, Word{1} << bits);
    return physical(start);
}

Tcb& thread(Prio priority) {
    Tcb& tcb = Tcb::create(take(abi::tcb_bits));
    tcb.priority = priority;
    tcb.state = Tcb::State::inactive;
    return tcb;
}

} // namespace setting
