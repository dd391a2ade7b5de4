// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A word of signals. Signalling ors a badge into it; a thread that waits takes the word.
///
///     idle ──wait──> waiting (a queue of threads) ──signal──> idle
///       └───signal──> active (a word) ──wait, poll──> idle
///
/// A notification can be bound to one thread, which then receives its signals whatever it waits in.
/// Always holds: waiting iff the queue is not empty; nobody but its thread waits at a bound one.
/// Reference: seL4 manual, chapter 5. Read next: notification.cpp.
/// @stage{2}
#pragma once

#include "kernel/object/tcb.hpp"

struct Notification {
    enum class State : Word { idle, waiting, active };

    [[nodiscard]] State state() const { return static_cast<State>(tagged_ & state_mask); }
    [[nodiscard]] Tcb* bound() const { return reinterpret_cast<Tcb*>(tagged_ & ~state_mask); }

    /// Ors `badge` into the word, or wakes a thread with it.
    void signal(Badge badge);
    /// Ors `badge` into the word. @pre it wakes nobody
    void add(Badge badge) {
        word_ |= badge.value; // 0 while there is none
        set(State::active);
    }
    /// Would a signal only change the word?
    [[nodiscard]] bool wakes_nobody() const {
        return state() == State::active || (state() == State::idle && bound() == nullptr);
    }
    /// The current thread `tcb` takes the word, or waits for it.
    void wait(Tcb& tcb);
    /// The current thread takes the word, or 0.
    void poll(Tcb& tcb);
    /// Takes a word that is there for `tcb`, to which this is bound. False if there is none.
    [[nodiscard]] bool take(Tcb& tcb);

    /// Ends the wait of `tcb`. @pre it waits here
    void cancel(Tcb& tcb);
    void bind(Tcb& tcb);
    void unbind();
    /// Can a thread be bound? Not if one is, or if threads wait.
    [[nodiscard]] bool bindable() const { return bound() == nullptr && state() != State::waiting; }
    /// Before its memory goes: nobody is bound, and who waits starts again. True if nobody waits
    /// any more: at most preempt::steps threads are woken at a time.
    [[nodiscard]] bool finalise();

    [[nodiscard]] bool invariant() const;

private:
    static constexpr Word state_mask = 3;

    void set(State state) { tagged_ = (tagged_ & ~state_mask) | static_cast<Word>(state); }
    void set_bound(Tcb* tcb) { tagged_ = (tagged_ & state_mask) | reinterpret_cast<Word>(tcb); }

    Word word_;
    Word tagged_; ///< the bound thread, and the state in its low bits
    List<Tcb, &Tcb::wait_link> queue_;
};
static_assert(sizeof(Notification) == 1 << abi::notification_bits);

namespace notification {

/// Binds to a thread: TcbBindNotification, TcbUnbindNotification.
inline void unbind(Tcb& tcb) {
    if (tcb.bound != nullptr)
        tcb.bound->unbind();
}

} // namespace notification
