// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Reply capabilities: the right to answer one call, used up by the answer. The caller's TCB holds
/// a master in its slot `reply`; a call derives a child of it into the slot `caller` of the thread
/// that receives. Deleting either takes the other's meaning away.
/// Profile sel4 only. Reference: seL4 manual 4.2.4. Read next: reply.cpp.
/// @stage{none}
#pragma once

#include "kernel/cap/mdb.hpp"
#include "kernel/object/tcb.hpp"
#include "kernel/syscall/invocation.hpp"

namespace reply {

/// Gives a thread its master reply capability, if it has none.
void create_master(Tcb& tcb);

/// `caller` waits for the answer of `callee`, which gets the right to give it.
void give(Tcb& caller, Tcb& callee, bool may_grant);

/// `caller` waits no longer: nobody can answer.
void cancel(Tcb& caller);

/// `replier` answers through the reply capability in `slot`, which is used up: with its message, or
/// with what is to become of a fault. `call`: the invocation, if it is one.
void answer(Tcb& replier, Slot& slot, const Invocation* call = nullptr);

/// Who called last gets no answer any more: another call can come.
inline void forget_caller(Tcb& callee) {
    Slot& slot = callee.slot(Tcb::caller);
    if (!slot.empty())
        mdb::remove(slot);
}

/// System call Reply: answers through the caller slot. False if there is nothing to answer.
bool answer_caller(Tcb& replier);

/// The first half of system call ReplyRecv: answers. True if the second half, the receiving, is to
/// be done by making the call again, which has nobody to answer then: an interrupt waits, and so
/// does a message at `cptr`. (Without one the halves belong together: whoever was answered may
/// count on it that the answering thread waits.)
bool answer_and_go_on_later(Tcb& replier, CPtr cptr);

/// Invocation of a reply capability.
[[nodiscard]] Result<Outcome> invoke(Invocation& call, Slot& slot);

} // namespace reply
