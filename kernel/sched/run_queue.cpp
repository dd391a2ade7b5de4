// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The run queue: lists, and the bits that tell which are in use.
/// @stage{2}
#include "kernel/sched/run_queue.hpp"

#include "kernel/lib/todo.hpp"

// Your own helpers: begin
// Your own helpers: end

/// @lab{2.2} the first of the highest list in use
Tcb* RunQueue::most_important() const {
    if (empty())
        return nullptr;
    const unsigned word = highest_bit<words>(words_);
    return queues_[word * 64 + highest_bit(present_[word])].first;
}

void RunQueue::append(Tcb& tcb) {
    queues_[tcb.priority].push_back(tcb);
    mark(tcb);
}

void RunQueue::prepend(Tcb& tcb) {
    queues_[tcb.priority].push_front(tcb);
    mark(tcb);
}

/// @lab{2.3} out of its list, wherever it stands; its bits fall with the last
void RunQueue::remove(Tcb& tcb) {
    Queue& queue = queues_[tcb.priority];
    queue.remove(tcb);
    tcb.queued = false;
    if (!queue.empty())
        return;
    Word& present = present_[tcb.priority / 64];
    present &= ~(Word{1} << tcb.priority % 64);
    if (present == 0)
        words_ &= ~(Word{1} << tcb.priority / 64);
}

bool RunQueue::invariant() const {
    for (unsigned word = 0; word < words; word++) {
        if ((words_ >> word & 1) != (present_[word] != 0 ? 1 : 0))
            return false;
    }
    for (unsigned priority = 0; priority < abi::priorities; priority++) {
        const bool present = (present_[priority / 64] >> priority % 64 & 1) != 0;
        if (present == queues_[priority].empty())
            return false;
        const Tcb* prev = nullptr;
        for (const Tcb* tcb = queues_[priority].first; tcb != nullptr; tcb = tcb->run_link.next) {
            if (tcb->priority != priority || !tcb->queued || tcb->run_link.prev != prev)
                return false;
            prev = tcb;
        }
        if (queues_[priority].last != prev)
            return false;
    }
    return true;
}
