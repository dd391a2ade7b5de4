// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The three short cuts. They share the lookup of the capability, the question whether a thread
/// can be switched to at once, and the passing of words in registers.
/// @stage{none}
#include "kernel/ipc/fastpath.hpp"

#include "kernel/cap/cspace.hpp"
#include "kernel/ipc/message.hpp"
#include "kernel/object/endpoint.hpp"
#include "kernel/object/notification.hpp"
#include "kernel/riscv/user_interrupt.hpp"
#include "kernel/sched/scheduler.hpp"
#include "kernel/syscall/check.hpp"
#include "kernel/syscall/trap.hpp"

namespace fastpath {

namespace {

/// The capability that a thread means, if one CNode resolves all bits of the pointer; else null.
[[gnu::always_inline]] inline Cap lookup(const Tcb& tcb, CPtr cptr) {
    const Slot* slot = cspace::simple_slot_of(tcb.slot(Tcb::cspace).cap, cptr);
    return slot == nullptr ? Cap() : slot->cap;
}

/// Switches to a thread for which there is more to do than to load its address space.
[[gnu::noinline]] Context* go_on_slowly(Tcb& tcb) {
    sched::run(tcb);
    check::everything();
    trap::unlock();
    return &tcb.context;
}

/// Switches to a thread that is in no queue.
[[gnu::always_inline]] inline Context* go_on_with(Tcb& tcb) {
    Hart& hart = this_hart();
    if (config::smp || (hart.current->special | tcb.special) != 0 || !vspace::knows_space(tcb))
        return go_on_slowly(tcb);
    if (tcb.space != hart.space) {
        vspace::use(tcb.space);
        user_interrupt::clear();
    }
    hart.current = &tcb;
    trace::switched_to(tcb);
    check::everything();
    return &tcb.context;
}

/// What a thread says in its registers.
struct Message {
    abi::MessageInfo info;
    Word words[abi::message_registers];
};

/// Hands a message over, and switches to its receiver, which is in no queue.
[[gnu::always_inline]] inline Context* pass(const Message& message, Tcb& receiver, Badge badge) {
    const Word length = message.info.length();
    for (unsigned i = 0; i < abi::message_registers; i++) {
        if (i < length)
            receiver.context.message(i) = message.words[i];
    }
    receiver.context[Context::a0] = badge.value;
    // What the info says of capabilities is not for the receiver.
    receiver.context[Context::a1] = abi::MessageInfo::make(message.info.label(), length).word;
    receiver.state = Tcb::State::running;
    return go_on_with(receiver);
}

} // namespace

Context* call(CPtr cptr, abi::MessageInfo info, Word word0, Word word1, Word word2, Word word3) {
    if (message::needs_buffer(info))
        return trap::serve_call(cptr, info);
    Tcb& caller = current_thread();
    const Cap cap = lookup(caller, cptr);
    if (!cap.is<EndpointCap>())
        return trap::serve_call(cptr, info);
    const auto endpoint_cap = cap.as<EndpointCap>();
    const Word rights = endpoint_cap.rights();
    if ((rights & abi::write) == 0 || (rights & (abi::grant | abi::grant_reply)) == 0)
        return trap::serve_call(cptr, info);
    Endpoint& endpoint = endpoint_cap.object();
    if (!endpoint.receivers_wait() || !sched::runs_next(*endpoint.queue.first, caller))
        return trap::serve_call(cptr, info);
    Tcb& receiver = endpoint.queue.pop_front();
    Slot& master = caller.slot(Tcb::reply);
    Slot& reply = receiver.slot(Tcb::caller);
    reply.cap = ReplyCap(physical(&caller), receiver.may_grant, false);
    reply.mdb.set_prev(&master);
    master.mdb.set_next(&reply);
    caller.state = Tcb::State::waiting_for_reply;
    return pass({info, {word0, word1, word2, word3}}, receiver, endpoint_cap.badge());
}

Context* reply_receive(CPtr cptr, abi::MessageInfo info, Word word0, Word word1, Word word2,
                       Word word3) {
    Tcb& replier = current_thread();
    Slot& slot = replier.slot(Tcb::caller);
    if (message::needs_buffer(info) || !slot.cap.is<ReplyCap>())
        return trap::serve(cptr, info, abi::Syscall::reply_receive);
    Tcb& caller = slot.cap.as<ReplyCap>().caller();
    const Cap cap = lookup(replier, cptr);
    if (caller.fault.type != abi::Fault::none || !cap.is<EndpointCap>())
        return trap::serve(cptr, info, abi::Syscall::reply_receive);
    const auto endpoint_cap = cap.as<EndpointCap>();
    Endpoint& endpoint = endpoint_cap.object();
    // Is there something to receive at once?
    if ((endpoint_cap.rights() & abi::read) == 0 || endpoint.senders_wait() ||
        (replier.bound != nullptr && replier.bound->state() == Notification::State::active))
        return trap::serve(cptr, info, abi::Syscall::reply_receive);
    if (!sched::runs_next(caller, replier))
        return trap::serve(cptr, info, abi::Syscall::reply_receive);
    slot.mdb.prev()->mdb.set_next(nullptr);
    slot = Slot();
    replier.state = Tcb::State::waiting_to_receive;
    replier.waiting_on = physical(&endpoint).value;
    replier.may_grant = (endpoint_cap.rights() & abi::grant) != 0;
    endpoint.queue.push_back(replier);
    return pass({info, {word0, word1, word2, word3}}, caller, Badge(0));
}

Context* send(CPtr cptr, abi::MessageInfo info) {
    Tcb& tcb = current_thread();
    const Cap cap = lookup(tcb, cptr);
    if (!cap.is<NotificationCap>() || info.extra_caps() != 0 ||
        (cap.as<NotificationCap>().rights() & abi::write) == 0)
        return trap::serve(cptr, info, abi::Syscall::send);
    const auto notification_cap = cap.as<NotificationCap>();
    Notification& notification = notification_cap.object();
    if (!notification.wakes_nobody()) {
        notification.notify(notification_cap.badge());
        return trap::leave();
    }
    notification.add(notification_cap.badge());
    check::everything();
    trap::unlock();
    return &tcb.context;
}

} // namespace fastpath
