// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A thread that sleeps until it is notified: the executor's loop, and U-notification as programs
/// use it. Who may notify it has a capability to its notification, with a badge; a peer that it
/// notifies itself is a Peer.
///
///     peer ──uipi.send──> vector ──badge page──> badge ──> connection ──> its dispatcher
///
/// A notification of a peer that sleeps on the same hart is put off until this thread sleeps too:
/// one trap then does both. Where the machine has no user interrupts the kernel notifies instead.
/// Read next: runtime/notified.cpp, runtime/rounds.hpp, kernel/abi/user_interrupt.hpp.
/// @stage{5}
#pragma once

#include "kernel/abi/user_interrupt.hpp"
#include "runtime/executor.hpp"

namespace rt {

using abi::CPtr;

/// What a thread lets its peers know, in a page that they can read: is it parked, and where?
struct Hint {
    static constexpr Word parked = Word{1} << 63;

    SharedWord<Word> word; ///< 0: not parked; else `parked`, its hart, its priority
    static constexpr Word make(Word hart, Word priority) { return parked | hart << 8 | priority; }
};

class Notified {
public:
    /// What it is made of. All objects are the thread's own.
    struct Objects {
        CPtr tcb = 0;
        CPtr control = 0;      ///< UintrControl; 0: no user interrupts
        CPtr notification = 0; ///< with all rights
        CPtr page = 0;         ///< a frame for the badges of its vectors, which is mapped at
        const abi::BadgePage* badges = nullptr;
        CPtr senders = 0; ///< a sender table
        Hint* hint = nullptr;
        Word hart = 0; ///< on which it runs, and
        Word priority = 0;
    };

    /// For the executor of the calling thread. Registers the thread, if the machine can do that.
    Notified(Executor& executor, const Objects& objects);
    Notified(const Notified&) = delete;
    Notified& operator=(const Notified&) = delete;

    [[nodiscard]] Executor& executor() const { return executor_; }
    /// Is it notified by user interrupts?
    [[nodiscard]] bool registered() const { return registered_; }

    /// Notifications with this badge, which is not 0, are for this connection, and for all others
    /// that share it. Different badges of one thread have no bit in common, or are each alone on
    /// their vector.
    void expect(Connection& connection, Word badge);
    /// They are not any more.
    void forget(Connection& connection);
    /// @cond LAB6
    /// A further notification of this thread, by which only the kernel signals, is for this
    /// connection. False if it cannot be registered.
    bool attach(Connection& connection, CPtr notification, const Objects& objects);
    /// Before this thread sleeps it lets the kernel look at its asynchronous system calls.
    void enter_kernel_before_sleep() { calls_due_ = true; }
    /// The same at once.
    static void enter_kernel();
    /// @endcond
    /// Is called with badges that no connection expects, or-ed: of other threads, or the kernel's.
    void on_signal(void (*function)(void* context, Word badges), void* context) {
        on_signal_ = function;
        signal_context_ = context;
    }

    /// Finds out who has notified, now.
    void look();

    /// Runs until `ended()`; sleeps whenever nothing is left to be done.
    template <class Ended>
    void run(Ended ended);

    /// Sleeps until it is notified, or until the deadline (0: none). Answers vectors.
    Word sleep(Word deadline);

    /// What it has cost so far.
    struct Counts {
        Word traps = 0;         ///< of sleeping and of notifying
        Word notifications = 0; ///< of peers
    };
    [[nodiscard]] const Counts& counts() const { return counts_; }

private:
    friend class Peer;

    Word park(Word deadline);
    Word wait(Word deadline);
    void take(Word vectors);
    void take_badges(Word badges);
    void resolve(unsigned vector);
    void look_for_changes();
    [[nodiscard]] bool expecting(Word badge) const;

    Executor& executor_;
    Objects objects_;
    bool registered_ = false;
    Word kernel_vector_ = 0; ///< as a bit
    Word due_ = abi::no_sender;
    /// @cond LAB6
    bool calls_due_ = false;
    /// @endcond
    Word attached_ = 0;                   ///< vectors that the executor knows, and
    Word badges_[abi::user_vectors] = {}; ///< of which badge each was then
    Connection* expected_[64] = {};       ///< by the lowest bit of their badges
    void (*on_signal_)(void* context, Word badges) = nullptr;
    void* signal_context_ = nullptr;
    Counts counts_;
};

template <class Ended>
void Notified::run(Ended ended) {
    for (Word vectors = 0; !ended();) {
        const Idle idle = executor_.run_until_idle(vectors);
        vectors = ended() ? 0 : sleep(idle.deadline);
    }
}

/// Somebody whom this thread notifies.
class Peer {
public:
    /// `notification`: a capability to its notification, with the right to write. `hint`: of the
    /// peer, null if there is none.
    Peer(Notified& self, CPtr notification, const Hint* hint = nullptr)
        : self_(self), notification_(notification), hint_(hint) {}

    /// Notifies it, at once or when this thread sleeps.
    void notify();
    /// The same as a connection wants it.
    [[nodiscard]] Callback callback() {
        return {[](void* peer) { static_cast<Peer*>(peer)->notify(); }, this};
    }
    /// Is it still there, as far as the kernel knows?
    [[nodiscard]] bool alive();

private:
    [[nodiscard]] bool can_wait() const;
    bool register_sender();

    Notified& self_;
    CPtr notification_;
    const Hint* hint_;
    Word sender_ = abi::no_sender;
};

} // namespace rt
