// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// How a process of the judge begins: it maps what it was granted. What is mapped has nothing on
/// either side of it, so an access beside the buffer is a fault.
/// Read next: process.cpp.
#pragma once

#include "labs/lib/judge/task.hpp"
#include "user/lib/objects.hpp"
#include "user/lib/program.hpp"

namespace party {

/// What the judge has granted.
struct Given {
    Task& task;
    void* buffer;
    const Word* input;
    Word* output;
    abi::CPtr own;  ///< a notification
    abi::CPtr peer; ///< one that reaches the other side

    /// Ends the process.
    [[noreturn]] static void fail(End end);
};

/// Maps it all, and goes to the hart that the task names. Once.
Given open();

/// Tries to read what only the judge may know: through a capability that root tasks have, then
/// where it lies in the judge.
void snoop(Given& self);

} // namespace party
