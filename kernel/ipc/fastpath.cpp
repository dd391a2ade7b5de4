// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The three short cuts. They share the lookup of the capability, the question whether a thread
/// can be switched to at once, and the passing of words in registers.
/// @stage{none}
#include "kernel/ipc/fastpath.hpp"

#include "kernel/object/endpoint.hpp"
#include "kernel/object/notification.hpp"
#include "kernel/sched/scheduler.hpp"
#include "kernel/vm/vspace.hpp"

namespace fastpath {

namespace {

/// The capability that a thread means; a null one if it is not plainly there.
Cap lookup(const Tcb& tcb, CPtr cptr) {
    Cap cap = tcb.slot(Tcb::cspace).cap;
    unsigned bits_left = 64;
    while (cap.is<CNodeCap>()) {
        const auto cnode = cap.as<CNodeCap>();
        const unsigned level_bits = cnode.guard_size() + cnode.radix();
        if (level_bits > bits_left)
            return {};
        const Word rest = cptr << (64 - bits_left);
        if (cnode.guard_size() != 0 && rest >> (64 - cnode.guard_size()) != cnode.guard())
            return {};
        bits_left -= level_bits;
        cap = cnode.slots()[cptr >> bits_left & mask(cnode.radix())].cap;
        if (bits_left == 0)
            return cap;
    }
    return cap;
}

/// No more than the registers hold, and no capabilities.
bool in_registers(abi::MessageInfo info) {
    return (info.word & mask(9)) <= abi::message_registers;
}

/// When the current thread stops, is `tcb` what runs next on this hart?
bool runs_next(const Tcb& tcb, const Tcb& current) {
    if (tcb.domain != current.domain || tcb.hart != current.hart)
        return false;
    return tcb.priority >= current.priority || !sched::queue_of(tcb).above(tcb.priority);
}

/// The words and the info; what the info says of capabilities is not for the receiver.
void pass(const Tcb& sender, Tcb& receiver, abi::MessageInfo info, Badge badge) {
    for (unsigned i = 0; i < abi::message_registers; i++)
        if (i < info.length())
            receiver.context.message(i) = sender.context.message(i);
    receiver.context[Context::a0] = badge.value;
    receiver.context[Context::a1] = abi::MessageInfo::make(info.label(), info.length()).word;
}

Context* go_on_with(Tcb& tcb) {
    tcb.state = Tcb::State::running;
    sched::switch_to(tcb);
    return &tcb.context;
}

Context* call(const EndpointCap& cap, abi::MessageInfo info) {
    Tcb& caller = current_thread();
    constexpr Word reply_rights = abi::grant | abi::grant_reply;
    if (!in_registers(info) || (cap.rights() & abi::write) == 0 ||
        (cap.rights() & reply_rights) == 0)
        return nullptr;
    Endpoint& endpoint = cap.object();
    if (!endpoint.receivers_wait() || !runs_next(*endpoint.queue.first, caller))
        return nullptr;
    Tcb& receiver = endpoint.queue.pop_front();
    Slot& master = caller.slot(Tcb::reply);
    Slot& reply = receiver.slot(Tcb::caller);
    reply.cap = ReplyCap(physical(&caller), receiver.may_grant, false);
    reply.mdb.set_prev(&master);
    master.mdb.set_next(&reply);
    caller.state = Tcb::State::waiting_for_reply;
    pass(caller, receiver, info, cap.badge());
    return go_on_with(receiver);
}

/// Can the current thread wait at the endpoint at once: is there nothing for it to receive?
bool can_wait(const Tcb& tcb, const EndpointCap& cap) {
    return (cap.rights() & abi::read) != 0 && !cap.object().senders_wait() &&
           (tcb.bound == nullptr || tcb.bound->state() != Notification::State::active);
}

Context* reply_receive(const EndpointCap& cap, abi::MessageInfo info) {
    Tcb& replier = current_thread();
    Slot& slot = replier.slot(Tcb::caller);
    if (!in_registers(info) || !slot.cap.is<ReplyCap>() || !can_wait(replier, cap))
        return nullptr;
    Tcb& caller = slot.cap.as<ReplyCap>().caller();
    if (caller.fault.type != abi::Fault::none || !runs_next(caller, replier))
        return nullptr;
    slot.mdb.prev()->mdb.set_next(nullptr);
    slot = Slot();
    Endpoint& endpoint = cap.object();
    replier.state = Tcb::State::waiting_to_receive;
    replier.waiting_on = physical(&endpoint).value;
    replier.may_grant = (cap.rights() & abi::grant) != 0;
    endpoint.queue.push_back(replier);
    pass(replier, caller, info, Badge(0));
    return go_on_with(caller);
}

Context* signal(const NotificationCap& cap) {
    Notification& notification = cap.object();
    if ((cap.rights() & abi::write) == 0 || !notification.wakes_nobody())
        return nullptr;
    notification.signal(cap.badge());
    return &current_thread().context;
}

} // namespace

Context* attempt(CPtr cptr, abi::MessageInfo info, abi::Syscall number) {
    if (number != abi::Syscall::call && number != abi::Syscall::reply_receive &&
        number != abi::Syscall::send)
        return nullptr;
    const Cap cap = lookup(current_thread(), cptr);
    if (cap.is<EndpointCap>()) {
        if (number == abi::Syscall::call)
            return call(cap.as<EndpointCap>(), info);
        if (number == abi::Syscall::reply_receive)
            return reply_receive(cap.as<EndpointCap>(), info);
    }
    if (cap.is<NotificationCap>() && number == abi::Syscall::send)
        return signal(cap.as<NotificationCap>());
    return nullptr;
}

} // namespace fastpath
