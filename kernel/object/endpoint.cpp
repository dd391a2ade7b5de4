// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Send and receive at an endpoint.
/// @stage{none}
#include "kernel/object/endpoint.hpp"

#include "kernel/ipc/transfer.hpp"
#include "kernel/object/notification.hpp"
#include "kernel/object/reply.hpp"
#include "kernel/sched/scheduler.hpp"
#include "kernel/syscall/preempt.hpp"

void Endpoint::cancel(Tcb& tcb) {
    queue.remove(tcb);
    sched::set_state(tcb, Tcb::State::inactive);
}

namespace {

/// A thread whose wait ended without a message makes its system call, or its fault, again.
void start_again(Tcb& tcb) {
    tcb.fault.type = abi::Fault::none;
    sched::set_state(tcb, Tcb::State::restart);
    sched::enqueue(tcb);
    sched::reschedule();
}

void wait(Endpoint& endpoint, Tcb& tcb, Tcb::State state) {
    sched::set_state(tcb, state);
    tcb.waiting_on = physical(&endpoint).value;
    endpoint.queue.push_back(tcb);
}

/// What becomes of a sender whose message has arrived at `receiver`.
void after_sending(Tcb& sender, const endpoint::Sending& how, Tcb& receiver,
                   bool receiver_may_grant) {
    if (!how.is_call) {
        if (sender.state == Tcb::State::waiting_to_send) {
            sched::set_state(sender, Tcb::State::running);
            sched::ready(sender);
        }
    } else if (how.may_grant || how.may_grant_reply) {
        reply::give(sender, receiver, receiver_may_grant);
    } else {
        sched::set_state(sender, Tcb::State::inactive);
    }
}

} // namespace

bool Endpoint::finalise() {
    for (unsigned i = 0; i < preempt::steps && !queue.empty(); i++)
        start_again(queue.pop_front());
    return queue.empty();
}

bool Endpoint::invariant() const {
    for (const Tcb* tcb = queue.first; tcb != nullptr; tcb = tcb->wait_link.next) {
        if (tcb->state != queue.first->state)
            return false;
    }
    return queue.empty() || senders_wait() || receivers_wait();
}

namespace endpoint {

void send(Endpoint& endpoint, Tcb& sender, const Sending& how) {
    if (!endpoint.receivers_wait()) {
        if (how.blocking) {
            wait(endpoint, sender, Tcb::State::waiting_to_send);
            sender.send_badge = how.badge;
            sender.send_is_call = how.is_call;
            sender.may_grant = how.may_grant;
            sender.may_grant_reply = how.may_grant_reply;
        }
        return;
    }
    Tcb& receiver = endpoint.queue.pop_front();
    const bool receiver_may_grant = receiver.may_grant;
    transfer::message(sender, &endpoint, how.badge, how.may_grant, receiver, how.call);
    sched::set_state(receiver, Tcb::State::running);
    sched::ready(receiver);
    after_sending(sender, how, receiver, receiver_may_grant);
}

void receive(const EndpointCap& cap, Tcb& receiver, bool blocking) {
    Endpoint& endpoint = cap.object();
    if (receiver.bound != nullptr && receiver.bound->take(receiver))
        return;
    const bool may_grant = (cap.rights() & abi::grant) != 0;
    if (endpoint.senders_wait()) {
        Tcb& sender = endpoint.queue.pop_front();
        const Sending how{sender.send_badge, true, sender.send_is_call, sender.may_grant,
                          sender.may_grant_reply};
        transfer::message(sender, &endpoint, how.badge, how.may_grant, receiver);
        after_sending(sender, how, receiver, may_grant);
    } else if (blocking) {
        wait(endpoint, receiver, Tcb::State::waiting_to_receive);
        receiver.may_grant = may_grant;
    } else {
        receiver.context[Context::a0] = 0;
    }
}

Result<Outcome> invoke(Invocation& call, const EndpointCap& cap, bool blocking) {
    if ((cap.rights() & abi::write) == 0)
        return invalid_capability(0);
    send(cap.object(), call.caller(),
         {cap.badge(), blocking, call.is_call(), (cap.rights() & abi::grant) != 0,
          (cap.rights() & abi::grant_reply) != 0, &call});
    return Outcome::done;
}

Result<Outcome> cancel_badged_sends(const Cap& cap) {
    if (!cap.is<EndpointCap>() || cap.as<EndpointCap>().rights() != abi::all_rights)
        return failure(abi::Error::illegal_operation);
    const auto endpoint_cap = cap.as<EndpointCap>();
    Endpoint& endpoint = endpoint_cap.object();
    if (endpoint_cap.badge() == Badge(0) || !endpoint.senders_wait())
        return Outcome::done;
    unsigned cancelled = 0;
    for (Tcb* tcb = endpoint.queue.first; tcb != nullptr;) {
        Tcb& sender = *tcb;
        tcb = tcb->wait_link.next;
        if (sender.send_badge != endpoint_cap.badge())
            continue;
        endpoint.queue.remove(sender);
        start_again(sender);
        // Who was cancelled can send again before this goes on.
        if (++cancelled % preempt::steps == 0 && preempt::interrupted())
            return Outcome::preempted;
    }
    return Outcome::done;
}

} // namespace endpoint
