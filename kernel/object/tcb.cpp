// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The life of a thread: made, stopped, resumed, deleted.
/// @stage{1}
#include "kernel/object/tcb.hpp"

#include "kernel/cap/finalise.hpp"
#include "kernel/object/notification.hpp"
#include "kernel/sched/remote.hpp"
#include "kernel/sched/scheduler.hpp"
/// @cond NONE
#include "kernel/object/endpoint.hpp"
#include "kernel/object/reply.hpp"
/// @endcond

Tcb& Tcb::create(PAddr address) {
    Tcb& tcb = *window<Tcb>(address);
    tcb.ticks_left = config::ticks_per_slice;
    tcb.domain = static_cast<uint8_t>(sched::current_domain);
    tcb.hart = static_cast<uint8_t>(this_hart().index);
    tcb.context.hart = &this_hart();
    return tcb;
}

abi::IpcBuffer* Tcb::buffer_for(bool writable) const {
    const Cap& cap = slot(buffer).cap;
    if (ipc_buffer == 0 || !cap.is<FrameCap>())
        return nullptr;
    const auto frame = cap.as<FrameCap>();
    const Word needed = abi::read | (writable ? abi::write : Word{0});
    if (frame.device() || (frame.rights() & needed) != needed)
        return nullptr;
    return window<abi::IpcBuffer>(frame.base() + (ipc_buffer & mask(frame.size_bits())));
}

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
    sched::ready(*this);
}

void Tcb::finalise() {
    notification::unbind(*this);
    suspend();
}
