// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What an executor does seldom.
/// Read next: runtime/client.cpp.
/// @stage{5}
#include "runtime/rounds.hpp"

#include "runtime/bits.hpp"
#include "runtime/ipc.hpp"

namespace rt {

bool Executor::spawn(Task<> task, Level& level) {
    if (!task)
        return false;
    PromiseBase& promise = task.release().promise();
    promise.level = &level;
    wake(promise);
    return true;
}

void Executor::attach(Connection& connection, unsigned vector) {
    leave_vector(connection);
    const Word bit = Word{1} << vector;
    connection.vector_ = bit;
    connection.sibling_ = std::exchange(by_vector_[vector], &connection);
    if (connection.sibling_ != nullptr)
        shared_vectors_ |= bit;
    wake(connection); // there may be something in the ring, and nobody is armed
}

void Executor::release(unsigned vector) {
    while (by_vector_[vector] != nullptr) {
        Connection& connection = *by_vector_[vector];
        leave_vector(connection);
        wake(connection);
    }
}

void Executor::leave_vector(Connection& connection) {
    if (connection.vector_ == 0)
        return;
    Connection*& first = by_vector_[lowest_bit(connection.vector_)];
    Connection** link = &first;
    while (*link != &connection)
        link = &(*link)->sibling_;
    *link = connection.sibling_;
    if (first == nullptr || first->sibling_ == nullptr)
        shared_vectors_ &= ~connection.vector_;
    awake_vectors_ &= ~connection.vector_;
    connection.vector_ = 0;
}

void Executor::detach(Connection& connection) {
    leave_vector(connection);
    for (Connection** link = &awake_; *link != nullptr; link = &(*link)->next_) {
        if (*link == &connection) {
            *link = connection.next_;
            connection.awake_ = false;
            awake_count_--;
            return;
        }
    }
}

void Executor::wake(Connection& connection) {
    if (connection.awake_)
        return;
    connection.awake_ = true;
    connection.next_ = awake_;
    awake_ = &connection;
    awake_count_++;
    awake_vectors_ |= connection.vector_ & ~shared_vectors_;
    if (awake_count_ > most_awake || connection.waiting_.first != nullptr)
        rare_ = true;
}

/// Those that are few stay awake: they are dispatched without being looked up.
void Executor::forget_awake() {
    for (; awake_ != nullptr; awake_ = awake_->next_)
        awake_->awake_ = false;
    awake_vectors_ = 0;
    awake_count_ = 0;
}

void Executor::take(Word vectors) {
    Word unknown = 0;
    for (; vectors != 0; vectors &= vectors - 1) {
        Connection* connection = by_vector_[lowest_bit(vectors)];
        if (connection == nullptr)
            unknown |= vectors & -vectors;
        for (; connection != nullptr; connection = connection->sibling_)
            wake(*connection);
    }
    if (unknown != 0 && unknown_ != nullptr)
        unknown_(unknown_context_, unknown);
}

/// Messages that were kept or wait for room, and timers.
void Executor::see_to_rare() {
    put_kept();
    if (timers_.first() != nullptr)
        run_timers();
    rare_ = timers_.first() != nullptr || awake_count_ > most_awake;
    for (Connection* connection = awake_; connection != nullptr; connection = connection->next_) {
        if (connection->waiting_.first != nullptr)
            connection->send_waiting();
        if (connection->waiting_.first != nullptr)
            rare_ = true;
    }
}

/// Nothing is left to be done at once.
Idle Executor::idle() {
    if (awake_count_ > most_awake)
        forget_awake();
    return {timers_.first() == nullptr ? 0 : timers_.first()->deadline};
}

void Executor::run_timers() {
    const Word now = now_();
    while (timers_.first() != nullptr && timers_.first()->deadline <= now) {
        Timer& timer = *timers_.first();
        timers_.remove(timer);
        if (timer.ends_call)
            ipc::end_call(*timer.promise, timer.call, ipc::CallError::timed_out);
        else
            wake(*timer.promise);
    }
}

/// Sees to messages that were kept. True if nobody is ready who is more important than `level`:
/// the burst goes on.
bool Executor::put_kept(const Level& level) {
    put_kept();
    return !queue_.above(level);
}

void Executor::put_kept() {
    RunNode* in_order = nullptr;
    for (RunNode* node = std::exchange(kept_, nullptr); node != nullptr;) {
        RunNode* const next = std::exchange(node->next, in_order);
        in_order = std::exchange(node, next);
    }
    queue_.settle();
    while (in_order != nullptr) {
        PromiseBase& promise = PromiseBase::of(*in_order);
        in_order = promise.next;
        promise.kept_for->put_kept(promise);
    }
}

Idle Executor::run_until_idle(Word vectors) { return rounds(vectors); }

} // namespace rt
