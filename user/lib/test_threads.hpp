// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Threads for tests: made of the test's own memory, and watched, so that a fault of one is a
/// failure of the test. They need not be destroyed.
/// Read next: thread.hpp.
/// @stage{2}
#pragma once

#include "user/lib/fault.hpp"
#include "user/lib/test.hpp"
#include "user/lib/thread.hpp"

namespace test {

/// The thread that runs the test.
CPtr own_thread();

/// What the threads of a test have as fault handler, so that the framework learns of their faults.
CPtr fault_handler();

/// Makes the framework learn of a thread's faults where that takes more than its fault handler.
bool watch_faults(CPtr tcb);

/// Creates a thread; the test fails if that is not possible. The test itself has priority 200.
inline bool create(user::Thread& thread, Word priority, const Place& place = Place::current()) {
    const bool created =
        thread.create(allocator, vspace, priority, fault_handler()) && watch_faults(thread.tcb());
    if (!created)
        fail(place, "a thread cannot be created");
    return created;
}

} // namespace test
