// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The rounds of an executor. The steps of a round are functions of their own to be read, and one
/// function to be run, part of the loop that parks: with few calls in flight a round is short, and
/// would feel the calls and the registers that they save.
/// Read next: runtime/client.cpp.
/// @stage{5}
#pragma once

#include "kernel/lib/todo.hpp"
/// @cond NONE
#include "kernel/lib/trace.hpp"
/// @endcond
#include "runtime/bits.hpp"
#include "runtime/executor.hpp"

namespace rt {

// Your own helpers: begin
// Your own helpers: end

[[gnu::always_inline]] inline void Executor::dispatch() {
    for (Connection* connection = awake_; connection != nullptr; connection = connection->next_)
        if (!queue_.above(*connection->level_))
            connection->role_.dispatch(*connection);
}

/// Resumptions are counted by fours: counting each would cost a fifth of what resuming it does.
/// @lab{5.3} coroutines of the most important level, until somebody more important is ready
[[gnu::always_inline]] inline void Executor::run_burst() {
    Level& level = queue_.top();
    RunList list = queue_.detach();
    const auto run_one = [&] [[gnu::always_inline]] {
        PromiseBase& promise = PromiseBase::of(*list.first);
        list.first = promise.next;
        /// @cond NONE
        trace::point(trace::Event::resume, lowest_bit(level.bit));
        /// @endcond
        promise.handle().resume();
        /// @cond NONE
        trace::point(trace::Event::suspend, 0);
        /// @endcond
        return list.first != nullptr && (!queue_.above(level) || put_kept(level));
    };
    for (unsigned left = burst / 4; left != 0; left--) {
        // NOLINTNEXTLINE(misc-redundant-expression): each resumes another one
        if (!(run_one() && run_one() && run_one() && run_one()))
            break;
    }
    if (list.first != nullptr)
        queue_.put_back(list, level);
}

/// Publishes everything. True if there is something to do at once.
[[gnu::always_inline]] inline bool Executor::end_round() {
    if (rare_) [[unlikely]]
        see_to_rare();
    const bool sleepy = queue_.empty();
    bool busy = false;
    for (Connection* connection = awake_; connection != nullptr; connection = connection->next_)
        connection->end_round(sleepy, busy);
    return busy || !queue_.empty();
}

/// Publishes what was put in and taken. If the executor is `sleepy`, it must not sleep if something
/// has come here: then it is `busy`.
[[gnu::always_inline]] inline void Connection::end_round(bool sleepy, bool& busy) {
    if (!in_burst_) {
        if (sleepy && !blocked_ && !may_sleep(in_))
            busy = true;
        return;
    }
    in_burst_ = false;
    out_.close();
    const BurstEnd end = end_burst(out_, in_, sleepy);
    if (end.news && !blocked_)
        busy = true;
    if (end.notify)
        notify_.function(notify_.context);
}

[[gnu::always_inline]] inline Idle Executor::rounds(Word vectors) {
    do {
        if (noted())
            vectors |= interrupted_.take(); // partner: the handler's fetch_or in note()
        if ((vectors & ~awake_vectors_) != 0)
            take(vectors);
        vectors = 0;
        dispatch();
        if (!queue_.empty())
            run_burst();
    } while (end_round());
    return rare_ ? idle() : Idle{};
}

/// Runs for ever; whenever nothing is left to be done, calls `park` with the first deadline, 0 for
/// none, which answers the vectors that were notified meanwhile.
template <class Park>
[[noreturn]] void run(Executor& executor, Park park) {
    for (Word vectors = 0;;)
        vectors = park(executor.rounds(vectors).deadline);
}

} // namespace rt
