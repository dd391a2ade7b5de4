// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The threads that are ready to run, a list for each of 256 priorities, with one bit for each
/// list that is not empty: the most important thread is found in constant time.
///
///     words    | 0 0 0 1 |
///                      '── present  | 0 0 1 ... |        list 253: thread, thread
///                                        '──────────────────'
/// Always holds: a bit is set iff its list, or word, is not empty; a thread is `queued` iff it is
/// in a list, that of its own priority. The thread that runs is in no list.
/// Guard: the kernel lock. Read next: scheduler.hpp.
/// @stage{2}
#pragma once

#include "kernel/lib/bits.hpp"
#include "kernel/object/tcb.hpp"

class RunQueue {
public:
    [[nodiscard]] bool empty() const { return words_ == 0; }
    /// The thread that has waited longest among the most important; null if there is none.
    [[nodiscard]] Tcb* most_important() const;
    /// Is there a thread of greater priority?
    [[nodiscard, gnu::always_inline]] bool above(Prio priority) const {
        return words_ >> priority / 64 > 1 || present_[priority / 64] >> priority % 64 > 1;
    }

    /// Is no thread of this or a greater priority ready?
    [[nodiscard]] bool alone(Prio priority) const {
        return queues_[priority].empty() && !above(priority);
    }

    /// As the last, or the first, of its priority. @pre not queued
    void append(Tcb& tcb);
    void prepend(Tcb& tcb);
    /// Wherever in its list it stands; the order of the others stays. @pre queued here
    void remove(Tcb& tcb);

    [[nodiscard]] bool invariant() const;

private:
    using Queue = List<Tcb, &Tcb::run_link>;
    static constexpr unsigned words = abi::priorities / 64;

    void mark(Tcb& tcb) {
        present_[tcb.priority / 64] |= Word{1} << tcb.priority % 64;
        words_ |= Word{1} << tcb.priority / 64;
        tcb.queued = true;
    }

    Word words_ = 0;
    Word present_[words] = {};
    Queue queues_[abi::priorities] = {};
};
