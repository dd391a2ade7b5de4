// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Send and Call: the thread names a capability; its object does what the message says.
/// Read next: invoke.cpp, invocation.hpp.
/// @stage{1}
#pragma once

#include "kernel/object/tcb.hpp"

namespace calls {

/// How a thread invokes a capability.
struct Manner {
    bool is_call;  ///< it wants an answer
    bool blocking; ///< it waits, or gets a fault, where that is the rule; else nothing happens
};

/// The current thread invokes `cptr` with the message that its registers hold.
void invoke(CPtr cptr, abi::MessageInfo info, Manner manner);

} // namespace calls
