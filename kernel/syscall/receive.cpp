// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Receiving: lookup, rights, and the object's own wait or poll.
/// @stage{2}
#include "kernel/syscall/receive.hpp"

#include "kernel/cap/cspace.hpp"
#include "kernel/ipc/fault.hpp"
#include "kernel/object/notification.hpp"
#include "kernel/sched/scheduler.hpp"
/// @cond NONE
#include "kernel/object/endpoint.hpp"
#include "kernel/object/reply.hpp"
/// @endcond

namespace calls {

namespace {

/// May this thread take signals with this capability? A bound notification is its thread's alone.
bool may_wait(const Tcb& tcb, const NotificationCap& cap) {
    const Tcb* bound = cap.object().bound();
    return (cap.rights() & abi::read) != 0 && (bound == nullptr || bound == &tcb);
}

/// What a thread is bound to comes first, whatever it waits for.
bool take_bound(Tcb& tcb) {
    /// @cond NONE
    if constexpr (config::synchronous_ipc)
        return false; // seL4: only when it waits at an endpoint
    /// @endcond
    return tcb.bound != nullptr && tcb.bound->take(tcb);
}

void wait(Tcb& tcb, Notification& notification, bool blocking) {
    if (take_bound(tcb))
        return;
    /// @cond LAB3
    if (blocking && notification.registered())
        return notification.sleep(tcb);
    /// @endcond
    if (blocking)
        notification.wait(tcb);
    else
        notification.poll(tcb);
}

} // namespace

void receive(CPtr cptr, bool blocking) {
    Tcb& tcb = current_thread();
    const auto slot = cspace::slot_of(tcb.slot(Tcb::cspace).cap, cptr);
    if (!slot)
        return fault::capability(tcb, cptr, true, slot.error());
    const Cap cap = (*slot)->cap;
    if (cap.is<NotificationCap>() && may_wait(tcb, cap.as<NotificationCap>()))
        return wait(tcb, cap.as<NotificationCap>().object(), blocking);
    /// @cond NONE
    if constexpr (config::synchronous_ipc) {
        if (cap.is<EndpointCap>() && (cap.as<EndpointCap>().rights() & abi::read) != 0) {
            reply::forget_caller(tcb);
            return endpoint::receive(cap.as<EndpointCap>(), tcb, blocking);
        }
    }
    /// @endcond
    fault::capability(tcb, cptr, true, {.type = abi::LookupFailure::missing_capability});
}

} // namespace calls
