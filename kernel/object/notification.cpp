// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Signal and wait: the state machine of notification.hpp.
/// @stage{2}
#include "kernel/object/notification.hpp"

#include "kernel/lib/todo.hpp"
#include "kernel/sched/scheduler.hpp"
#include "kernel/syscall/preempt.hpp"

// Your own helpers: begin
// Your own helpers: end

namespace {

/// A thread that waited goes on with a badge.
void wake(Tcb& tcb, Word badge) {
    sched::set_state(tcb, Tcb::State::running);
    tcb.context[Context::a0] = badge;
    sched::ready(tcb);
}

/// Does a thread in this state take the signals of the notification it is bound to?
bool takes_bound_signals(Tcb::State state) {
    /// @cond NONE
    if constexpr (config::synchronous_ipc)
        return state == Tcb::State::waiting_to_receive;
    /// @endcond
    return state == Tcb::State::waiting_for_signal;
}

} // namespace

/// @lab{2.6} wake the first that waits, or the bound thread, or keep the badge
void Notification::signal(Badge badge) {
    if (state() == State::waiting) {
        Tcb& tcb = queue_.pop_front();
        if (queue_.empty())
            set(State::idle);
        wake(tcb, badge.value);
    } else if (state() == State::idle && bound() != nullptr &&
               takes_bound_signals(bound()->state)) {
        bound()->cancel_wait();
        wake(*bound(), badge.value);
    } else {
        add(badge);
    }
}

/// @lab{2.7} take the word, or queue up
void Notification::wait(Tcb& tcb) {
    if (take(tcb))
        return;
    sched::set_state(tcb, Tcb::State::waiting_for_signal);
    tcb.waiting_on = physical(this).value;
    queue_.push_back(tcb);
    set(State::waiting);
}

void Notification::poll(Tcb& tcb) {
    if (!take(tcb))
        tcb.context[Context::a0] = 0;
}

bool Notification::take(Tcb& tcb) {
    if (state() != State::active)
        return false;
    tcb.context[Context::a0] = word_;
    word_ = 0;
    set(State::idle);
    return true;
}

void Notification::cancel(Tcb& tcb) {
    queue_.remove(tcb);
    if (queue_.empty())
        set(State::idle);
    sched::set_state(tcb, Tcb::State::inactive);
}

void Notification::bind(Tcb& tcb) {
    set_bound(&tcb);
    tcb.bound = this;
}

void Notification::unbind() {
    bound()->bound = nullptr;
    set_bound(nullptr);
}

bool Notification::finalise() {
    if (bound() != nullptr)
        unbind();
    for (unsigned i = 0; i < preempt::steps && state() == State::waiting; i++) {
        Tcb& tcb = *queue_.first;
        cancel(tcb);
        sched::set_state(tcb, Tcb::State::restart);
        sched::enqueue(tcb);
        sched::reschedule();
    }
    return state() != State::waiting;
}

bool Notification::invariant() const {
    return (state() == State::waiting) == !queue_.empty() &&
           (bound() == nullptr || bound()->bound == this);
}
