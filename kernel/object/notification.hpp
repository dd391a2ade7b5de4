// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A word of signals. Signalling ors a badge into it; a thread that waits takes the word.
///
///     idle ──wait──> waiting (a queue of threads) ──signal──> idle
///       └───signal──> active (a word) ──wait, poll──> idle
///
/// A notification can be bound to one thread, which then receives its signals whatever it waits in.
/// Always holds: waiting iff the queue is not empty; nobody but its thread waits at a bound one.
/// @cond LAB3
/// One that is registered interrupts its thread (receiver.hpp). Nobody queues up at it: its thread,
/// when it waits, is woken whatever it waits for.
/// @endcond
/// Reference: seL4 manual, chapter 5. Read next: notification.cpp.
/// @stage{2}
#pragma once

#include "kernel/lib/field.hpp"
#include "kernel/object/tcb.hpp"

struct Notification {
    enum class State : Word { idle, waiting, active };

    [[nodiscard]] State state() const { return static_cast<State>(tagged_ & state_mask); }
    /// The thread it is bound to; null: none.
    /// @cond LAB3
    /// Or the one it is registered for: if it is both, they are the same.
    /// @endcond
    [[nodiscard]] Tcb* bound() const { return reinterpret_cast<Tcb*>(tagged_ & ~flags); }

    /// The kernel's signal, and that of a thread which has no other way.
    /// @cond LAB3
    /// A user interrupt, if it is registered; else `signal`.
    /// @endcond
    void notify(Badge badge);
    /// If threads wait, the one that waits longest goes on, with `badge` in a0, and nothing is
    /// kept. If none does, the thread it is bound to goes on so, should that wait for some other
    /// notification. Else `badge` is ored into the word, which is there then: 0 is a badge, too.
    void signal(Badge badge);
    /// Ors `badge` into the word. @pre it wakes nobody
    void add(Badge badge) {
        word_ |= badge.value; // 0 while there is none
        set(State::active);
    }
    /// Would a signal only change the word?
    [[nodiscard]] bool wakes_nobody() const {
        /// @cond LAB3
        if ((tagged_ & registered_flag) != 0)
            return false;
        /// @endcond
        return state() == State::active || (state() == State::idle && bound() == nullptr);
    }
    /// The current thread `tcb` takes the word if there is one, and goes on. Else it waits, as the
    /// last of the queue; `waiting_on` says for what, so that its wait can be cancelled.
    void wait(Tcb& tcb);
    /// @cond LAB3
    /// The same for one that is registered: its thread sleeps.
    void sleep(Tcb& tcb);
    /// @endcond
    /// The current thread takes the word, or 0.
    void poll(Tcb& tcb);
    /// Takes a word that is there for `tcb`, to which this is bound. False if there is none.
    [[nodiscard]] bool take(Tcb& tcb);

    /// Ends the wait of `tcb`. @pre it waits here
    void cancel(Tcb& tcb);
    void bind(Tcb& tcb);
    void unbind();
    /// Can `tcb` be bound? Not if a thread is, or if threads wait.
    [[nodiscard]] bool bindable(const Tcb& tcb) const {
        /// @cond LAB3
        if (registered() && bound() == &tcb)
            return tcb.bound == nullptr;
        /// @endcond
        return tcb.bound == nullptr && bound() == nullptr && state() != State::waiting;
    }
    /// Before its memory goes: nobody is bound, and who waits starts again. True if nobody waits
    /// any more: at most preempt::steps threads are woken at a time.
    [[nodiscard]] bool finalise();

    [[nodiscard]] bool invariant() const;

    /// @cond LAB3
    /// Does it interrupt its thread?
    [[nodiscard]] bool registered() const { return (tagged_ & registered_flag) != 0; }
    /// Interrupts `tcb` from now on, as the last of its notifications.
    void enroll(Tcb& tcb);
    /// Interrupts nobody.
    void withdraw();

    /// What follows holds while it is registered. Its vectors, as bits.
    [[nodiscard]] Word vectors() const { return enrolled_.vectors; }
    void add_vector(unsigned vector) { enrolled_.vectors |= Word{1} << vector; }
    void remove_vector(unsigned vector) { enrolled_.vectors &= ~(Word{1} << vector); }
    /// The one by which the kernel signals.
    [[nodiscard]] unsigned kernel_vector() const {
        return static_cast<unsigned>(KernelVector::of(tagged_));
    }
    void set_kernel_vector(unsigned vector) { tagged_ = KernelVector::put(tagged_, vector); }
    /// The next one that interrupts the same thread.
    [[nodiscard]] Notification*& next() { return enrolled_.next; }
    /// Takes what was signalled; 0 if nothing was.
    [[nodiscard]] Word take_word();

    /// @endcond
private:
    static constexpr Word state_mask = 3;
    /// @cond LAB3
    static constexpr Word registered_flag = 4;
    using KernelVector = Field<3, 6>;
    /// @endcond
    static constexpr Word flags = mask(abi::tcb_bits); ///< a thread's address has none of these

    /// `tcb`, which waits, makes its system call again.
    void restart(Tcb& tcb);
    void set(State state) { tagged_ = (tagged_ & ~state_mask) | static_cast<Word>(state); }
    void set_bound(Tcb* tcb) { tagged_ = (tagged_ & flags) | reinterpret_cast<Word>(tcb); }

    Word word_;
    Word tagged_; ///< the bound thread, and the state in its low bits
    /// @cond LAB3
    // NOLINTBEGIN(readability-identifier-naming): the members of the union are private.
    union {
        /// @endcond
        List<Tcb, &Tcb::wait_link> queue_;
        /// @cond LAB3
        struct {
            Word vectors;
            Notification* next;
        } enrolled_; ///< while it is registered
    };
    // NOLINTEND(readability-identifier-naming)
    /// @endcond
};
static_assert(sizeof(Notification) == 1 << abi::notification_bits);

namespace notification {

/// Binds to a thread: TcbBindNotification, TcbUnbindNotification.
inline void unbind(Tcb& tcb) {
    if (tcb.bound != nullptr)
        tcb.bound->unbind();
}

} // namespace notification
