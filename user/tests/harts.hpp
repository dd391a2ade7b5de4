// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What tests of several harts share. The test runs on hart 0, and so do its threads until they are
/// sent elsewhere.
/// Read next: scheduling_harts.cpp.
/// @stage{2}
#pragma once

#include "user/lib/boot_info.hpp"
#include "user/tests/threads.hpp"

/// Harts that run; the test is skipped if there is one only.
inline Word several_harts() {
    const Word harts = user::boot_info().nodes;
    if (!config::smp || harts < 2) {
        skip("there is one hart only");
        return 0;
    }
    return harts;
}

inline Result set_affinity(CPtr tcb, Word hart) { return invoke(tcb, abi::TcbSetAffinity{hart}); }

/// Creates a thread for a hart. It is stopped at the end of its scope.
inline bool create_on(user::Thread& thread, Word hart, Word priority,
                      const Place& place = Place::current()) {
    return create(thread, priority, place) &&
           expect_success("a hart", set_affinity(thread.tcb(), hart), place);
}

template <class Body>
void start_on(user::Thread& thread, Word hart, Word priority, Body& body,
              const Place& place = Place::current()) {
    if (create_on(thread, hart, priority, place))
        start(thread, body);
}

/// Watches other harts until something holds. False if that does not come about: the limit is in
/// tries, each of which lets this hart's equals run.
template <class Condition>
bool comes_true(Condition condition, unsigned most_tries = 2'000'000) {
    for (unsigned tries = 0; tries < most_tries; tries++) {
        if (condition())
            return true;
        yield();
    }
    return false;
}

/// A thread that counts for ever without any system call.
class Counter {
public:
    /// On a hart.
    void start(Word hart, Word priority, const Place& place = Place::current()) {
        start_on(thread_, hart, priority, body_, place);
    }
    [[nodiscard]] Word count() const { return count_.load(std::memory_order_relaxed); }
    /// Does it go on?
    [[nodiscard]] bool runs() const {
        const Word before = count();
        return comes_true([&] { return count() > before + 100; });
    }
    [[nodiscard]] CPtr tcb() const { return thread_.tcb(); }
    void destroy() { thread_.destroy(); }

private:
    struct Body {
        std::atomic<Word>* count;
        void operator()() const {
            for (;;)
                count->fetch_add(1, std::memory_order_relaxed);
        }
    };
    std::atomic<Word> count_ = 0;
    Body body_{&count_};
    user::Thread thread_; ///< last: it stops before what it counts in goes
};

/// Numbers that look drawn by chance, the same in every run.
class Draw {
public:
    explicit Draw(Word seed) : state_(seed) {}
    /// Less than `end`.
    Word below(Word end) {
        state_ = state_ * 6364136223846793005 + 1442695040888963407;
        return (state_ >> 33) % end;
    }

private:
    Word state_;
};
