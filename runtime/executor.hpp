// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The executor of a thread: runs coroutines that are ready, the most important first, in turn
/// among equals, and looks after the connections between bursts. It never sleeps by itself: it
/// returns when nothing is left to be done, and its owner parks.
///
///     rt::run(executor, [](Word deadline) { return park(deadline); });
///
/// A round: what was notified, dispatchers (unless somebody more important is ready), one burst of
/// at most 32 resumptions, timers, everything published.
/// Always holds: only its own thread touches it; handlers of interrupts only note().
/// Read next: runtime/rounds.hpp, runtime/connection.hpp.
/// @stage{5}
#pragma once

#include "runtime/connection.hpp"
#include "runtime/interrupted.hpp"
#include "runtime/task.hpp"
#include "runtime/timer.hpp"

namespace rt {

/// What is left to wait for.
struct Idle {
    Word deadline = 0; ///< of the first timer; 0: there is none
};

class Executor {
public:
    static constexpr unsigned burst = 32;     ///< resumptions, at most
    static constexpr unsigned most_awake = 4; ///< connections that stay awake when idle
    static constexpr unsigned vector_count = 64;

    /// Frames of everything that is spawned here come from `pool`; `now` is the clock that
    /// deadlines are compared with, null if none is used.
    explicit Executor(FramePool& pool, Word (*now)() = nullptr)
        : pool_(pool), now_(now), queue_(*this) {}
    Executor(const Executor&) = delete;
    Executor& operator=(const Executor&) = delete;

    [[nodiscard]] FramePool& pool() const { return pool_; }
    /// Wakes the timer's coroutine, or ends its call, when its deadline has come. @pre not set
    void add(Timer& timer) {
        timers_.add(timer);
        rare_ = true;
    }
    void remove(Timer& timer) { timers_.remove(timer); }
    [[nodiscard]] Level& level(Priority priority) { return queue_.level(priority); }

    /// Lets a task run, which ends by itself. False if it has no frame.
    bool spawn(Task<> task, Priority priority) { return spawn(std::move(task), level(priority)); }
    bool spawn(Task<> task, Level& level);

    /// A suspended coroutine is ready. @pre it is in no list
    [[gnu::always_inline]] void wake(PromiseBase& promise) { queue_.push(promise, *promise.level); }

    /// The message in this promise found no line: it is seen to as soon as the coroutine has
    /// suspended itself.
    [[gnu::always_inline]] void keep(PromiseBase& promise, Connection& connection) {
        promise.kept_for = &connection;
        promise.next = kept_;
        kept_ = &promise;
        rare_ = true;
        queue_.interrupt();
    }

    /// Runs until nothing is ready and nothing has come: then all connections are armed.
    /// `vectors` were notified since it last ran.
    Idle run_until_idle(Word vectors = 0);
    /// The same, in place; needs runtime/rounds.hpp.
    Idle rounds(Word vectors);

    /// A notification came. For handlers of user interrupts: may interrupt anything.
    void note(unsigned vector) { interrupted_.note(Word{1} << vector); }
    /// Were there any since? For the last look before parking.
    [[nodiscard]] bool noted() const { return interrupted_.vectors != 0; }
    /// Where the entry of user interrupts notes them.
    [[nodiscard]] Interrupted& interrupted() { return interrupted_; }

    /// Notifications of vectors that no connection is attached to go here.
    void on_unknown(void (*function)(void* context, Word vectors), void* context) {
        unknown_ = function;
        unknown_context_ = context;
    }
    /// There may be something to take for this connection, which is attached to no vector.
    void look_at(Connection& connection) { wake(connection); }

    /// Notifications of this vector are for this connection; all that have it are looked at.
    void attach(Connection& connection, unsigned vector);
    /// Nobody has the vector any more. Who had it is looked at: its peer may think it awake.
    void release(unsigned vector);
    /// The connection is not looked at any more.
    void detach(Connection& connection);

private:
    friend class Connection;
    friend class Notified;

    void wake(Connection& connection);
    void leave_vector(Connection& connection);
    void take(Word vectors);
    void run_timers();
    void dispatch();
    void run_burst();
    bool put_kept(const Level& level);
    void put_kept();
    bool end_round();
    void see_to_rare();
    Idle idle();
    void forget_awake();

    FramePool& pool_;
    Word (*now_)();
    RunQueue queue_;
    TimerQueue timers_;
    RunNode* kept_ = nullptr; ///< promises with messages, the latest first
    Interrupted interrupted_;
    bool rare_ = false;           ///< something of see_to_rare() is to be done, one check for all
    Connection* awake_ = nullptr; ///< connections that are looked at in each round
    Word awake_vectors_ = 0;      ///< that only they have
    unsigned awake_count_ = 0;
    Word shared_vectors_ = 0; ///< that several connections have
    Connection* by_vector_[vector_count] = {};
    void (*unknown_)(void* context, Word vectors) = nullptr;
    void* unknown_context_ = nullptr;
};

} // namespace rt
