// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Calls and their answers.
/// @stage{none}
#include "kernel/object/reply.hpp"

#include "kernel/cap/cspace.hpp"
#include "kernel/cap/mdb.hpp"
#include "kernel/ipc/fault_message.hpp"
#include "kernel/ipc/transfer.hpp"
#include "kernel/object/endpoint.hpp"
#include "kernel/sched/scheduler.hpp"
#include "kernel/syscall/preempt.hpp"

namespace reply {

void create_master(Tcb& tcb) {
    Slot& slot = tcb.slot(Tcb::reply);
    if (!slot.empty())
        return;
    slot.cap = ReplyCap(physical(&tcb), true, true);
    slot.mdb.set_flags(true, true);
}

void give(Tcb& caller, Tcb& callee, bool may_grant) {
    sched::set_state(caller, Tcb::State::waiting_for_reply);
    mdb::insert(ReplyCap(physical(&caller), may_grant, false), caller.slot(Tcb::reply),
                callee.slot(Tcb::caller));
}

void cancel(Tcb& caller) {
    caller.fault.type = abi::Fault::none;
    Slot* child = caller.slot(Tcb::reply).mdb.next();
    if (child != nullptr)
        mdb::remove(*child);
}

void answer(Tcb& replier, Slot& slot, const Invocation* call) {
    const auto cap = slot.cap.as<ReplyCap>();
    Tcb& caller = cap.caller();
    require(caller.state == Tcb::State::waiting_for_reply, "a reply to a thread that wants none");
    if (caller.fault.type == abi::Fault::none) {
        transfer::message(replier, nullptr, Badge(0), cap.grant(), caller, call);
        mdb::remove(slot);
        sched::set_state(caller, Tcb::State::running);
        sched::ready(caller);
        return;
    }
    mdb::remove(slot);
    const bool resume = fault_message::reply(caller, replier);
    caller.fault.type = abi::Fault::none;
    sched::set_state(caller, resume ? Tcb::State::restart : Tcb::State::inactive);
    if (resume)
        sched::ready(caller);
}

bool answer_caller(Tcb& replier) {
    Slot& slot = replier.slot(Tcb::caller);
    if (slot.empty())
        return false;
    answer(replier, slot);
    return true;
}

bool answer_and_go_on_later(Tcb& replier, CPtr cptr) {
    if (!answer_caller(replier) || !preempt::pending())
        return false;
    const auto slot = cspace::slot_of(replier.slot(Tcb::cspace).cap, cptr);
    if (!slot || !(*slot)->cap.is<EndpointCap>() ||
        !(*slot)->cap.as<EndpointCap>().object().senders_wait())
        return false;
    sched::set_state(replier, Tcb::State::restart);
    return true;
}

Result<Outcome> invoke(Invocation& call, Slot& slot) {
    if (slot.cap.as<ReplyCap>().master())
        return invalid_capability(0);
    answer(call.caller(), slot, &call);
    return Outcome::done;
}

} // namespace reply
