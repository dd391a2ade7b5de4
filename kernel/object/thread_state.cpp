// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A thread is stopped, goes on, ends: from any state, whatever it waits for.
/// @stage{2}
#include "kernel/object/notification.hpp"
#include "kernel/object/tcb.hpp"
#include "kernel/sched/remote.hpp"
#include "kernel/sched/scheduler.hpp"
/// @cond LAB3
#include "kernel/object/irq.hpp"
#include "kernel/object/vectors.hpp"
#include "kernel/sched/park.hpp"
/// @endcond
/// @cond LAB6
#include "kernel/async/registration.hpp"
/// @endcond
/// @cond NONE
#include "kernel/object/endpoint.hpp"
#include "kernel/object/reply.hpp"
/// @endcond

void Tcb::cancel_wait() {
    switch (state) {
    case State::waiting_to_receive:
    /// @cond NONE
    case State::waiting_to_send:
        if constexpr (config::synchronous_ipc)
            window<Endpoint>(PAddr(waiting_on))->cancel(*this);
        break;
    case State::waiting_for_reply:
        if constexpr (config::synchronous_ipc)
            reply::cancel(*this);
        break;
    /// @endcond
    case State::waiting_for_signal:
        window<Notification>(PAddr(waiting_on))->cancel(*this);
        break;
    /// @cond LAB3
    case State::parked:
        sched::set_state(*this, State::inactive);
        break;
    /// @endcond
    /// @cond LAB6
    case State::serving:
    /// @endcond
    case State::inactive:
    case State::running:
    case State::restart:
    case State::idle:
        break;
    }
}

void Tcb::suspend() {
    remote::stall(*this);
    cancel_wait();
    if (state == State::running)
        update_restart_pc();
    sched::set_state(*this, State::inactive);
    sched::dequeue(*this);
}

void Tcb::resume() {
    if (runnable() || state == State::idle)
        return;
    cancel_wait();
    /// @cond NONE
    if constexpr (config::synchronous_ipc)
        reply::create_master(*this);
    /// @endcond
    fault.type = abi::Fault::none;
    sched::set_state(*this, State::restart);
    sched::enqueue(*this);
    sched::ready(*this);
}

bool Tcb::finalise() {
    notification::unbind(*this);
    suspend();
    /// @cond LAB6
    if (registration != nullptr)
        registration->close();
    /// @endcond
    /// @cond LAB3
    park::forget_deadline(*this);
    irq::forget_all(*this);
    return vectors::end(*this);
    /// @endcond
    return true;
}
