// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Send and Call: the thread names a capability; its object does what the message says.
/// Read next: invoke.cpp, invocation.hpp.
/// @stage{1}
#pragma once

#include "kernel/object/tcb.hpp"
/// @cond LAB6
#include "kernel/syscall/invocation.hpp"

#include <span>
/// @endcond

namespace calls {

/// How a thread invokes a capability.
struct Manner {
    bool is_call;  ///< it wants an answer
    bool blocking; ///< it waits, or gets a fault, where that is the rule; else nothing happens
};

/// The current thread invokes `cptr` with the message that its registers hold.
void invoke(CPtr cptr, abi::MessageInfo info, Manner manner);

/// @cond LAB6
/// `call`, which came through a ring, invokes what its caller's `cptr` names. The errors are those
/// of the trap; but where that ends in a fault, this is a failed_lookup.
[[nodiscard]] Result<Outcome> invoke_asynchronously(Invocation& call, CPtr cptr,
                                                    std::span<const CPtr> extra_caps);

/// Its answer begins with this; the words are in the call.
[[nodiscard]] abi::MessageInfo answer_asynchronously(Invocation& call,
                                                     const Result<Outcome>& result);
/// @endcond

} // namespace calls
