// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Signal and wait: the state machine of notification.hpp.
/// @stage{2}
#include "kernel/object/notification.hpp"

#include "kernel/lib/todo.hpp"
/// @cond LAB3
#include "kernel/object/vectors.hpp"
/// @endcond
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

void Notification::notify(Badge badge) {
    /// @cond LAB3
    if (registered())
        return receiver::notify(*this, badge);
    /// @endcond
    signal(badge);
}

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

/// @cond LAB3
void Notification::sleep(Tcb& tcb) {
    if (take(tcb))
        return;
    sched::set_state(tcb, Tcb::State::waiting_for_signal);
    tcb.waiting_on = physical(this).value;
}
/// @endcond

void Notification::poll(Tcb& tcb) {
    if (!take(tcb))
        tcb.context[Context::a0] = 0;
}

bool Notification::take(Tcb& tcb) {
    /// @cond LAB3
    if (registered())
        return receiver::take(*this, tcb);
    /// @endcond
    if (state() != State::active)
        return false;
    tcb.context[Context::a0] = word_;
    word_ = 0;
    set(State::idle);
    return true;
}

void Notification::cancel(Tcb& tcb) {
    /// @cond LAB3
    if (registered())
        return sched::set_state(tcb, Tcb::State::inactive);
    /// @endcond
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
    /// @cond LAB3
    if (registered())
        return;
    /// @endcond
    set_bound(nullptr);
}

/// @cond LAB3
void Notification::enroll(Tcb& tcb) {
    set_bound(&tcb);
    tagged_ |= registered_flag;
    enrolled_ = {};
    Notification** link = &tcb.receiver.notifications;
    while (*link != nullptr)
        link = &(*link)->next();
    *link = this;
}

void Notification::withdraw() {
    queue_ = {};
    tagged_ &= ~(registered_flag | KernelVector::make(KernelVector::ones));
    if (bound()->bound != this)
        set_bound(nullptr);
}

Word Notification::take_word() {
    const Word word = word_;
    word_ = 0;
    set(State::idle);
    return word;
}
/// @endcond

void Notification::restart(Tcb& tcb) {
    cancel(tcb);
    sched::set_state(tcb, Tcb::State::restart);
    sched::enqueue(tcb);
    sched::reschedule();
}

bool Notification::finalise() {
    if (bound() != nullptr && bound()->bound == this)
        unbind();
    /// @cond LAB3
    if (registered()) {
        Tcb& tcb = *bound();
        if (tcb.state == Tcb::State::waiting_for_signal && tcb.waiting_on == physical(this).value)
            restart(tcb);
        vectors::end(*this);
    }
    /// @endcond
    for (unsigned i = 0; i < preempt::steps && state() == State::waiting; i++)
        restart(*queue_.first);
    return state() != State::waiting;
}

bool Notification::invariant() const {
    /// @cond LAB3
    if (registered())
        return state() != State::waiting && bound()->receiver.registers != nullptr;
    /// @endcond
    return (state() == State::waiting) == !queue_.empty() &&
           (bound() == nullptr || bound()->bound == this);
}
