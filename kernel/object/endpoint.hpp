// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// An endpoint: threads meet here to pass a message, without anything in between that could hold
/// it. Whoever comes first waits in the queue.
///
///     idle ──send──> queue of senders ──receive──> ...      idle ──receive──> queue of receivers
///
/// Always holds: all threads of the queue wait for the same thing, so the first tells the state.
/// Profile sel4 only. Reference: seL4 manual, chapter 4. Read next: endpoint.cpp.
/// @stage{none}
#pragma once

#include "kernel/object/tcb.hpp"
#include "kernel/syscall/invocation.hpp"

struct Endpoint {
    List<Tcb, &Tcb::wait_link> queue;

    [[nodiscard]] bool senders_wait() const {
        return !queue.empty() && queue.first->state == Tcb::State::waiting_to_send;
    }
    [[nodiscard]] bool receivers_wait() const {
        return !queue.empty() && queue.first->state == Tcb::State::waiting_to_receive;
    }

    /// Ends the wait of `tcb`. @pre it waits here
    void cancel(Tcb& tcb);
    /// Before its memory goes: who waits starts again, and finds the endpoint gone. True if nobody
    /// waits any more: at most preempt::steps threads are woken at a time.
    [[nodiscard]] bool finalise();

    [[nodiscard]] bool invariant() const;
};
static_assert(sizeof(Endpoint) == 1 << abi::endpoint_bits);

namespace endpoint {

/// How a message is sent: with which badge and rights, and what happens after.
struct Sending {
    Badge badge;
    bool blocking;
    bool is_call;
    bool may_grant;
    bool may_grant_reply;
    const Invocation* call = nullptr; ///< of the sender, if it sends just now
};

/// `sender` passes its message, or its fault, to a receiver, or waits for one.
void send(Endpoint& endpoint, Tcb& sender, const Sending& how);

/// The current thread receives from the endpoint, or waits.
void receive(const EndpointCap& cap, Tcb& receiver, bool blocking);

/// Invocation of an endpoint capability.
[[nodiscard]] Result<Outcome> invoke(Invocation& call, const EndpointCap& cap, bool blocking);

/// Senders with the badge of `cap` start again.
[[nodiscard]] Result<Outcome> cancel_badged_sends(const Cap& cap);

} // namespace endpoint
