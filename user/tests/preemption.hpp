// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Operations that are interrupted: each is made again and again for longer than a slice, so that
/// ticks fall into it, and another thread has turns in between.
/// Read next: preemption.cpp, kernel/syscall/preempt.hpp.
/// @stage{2}
#pragma once

#include "user/tests/threads.hpp"

/// A thread that counts whenever it has a turn. It is the test's equal: it runs at ends of slices.
struct Equal {
    std::atomic<Word> turns = 0;
    user::Thread thread;
    struct Body {
        std::atomic<Word>* turns;
        void operator()() const {
            for (;;) {
                turns->fetch_add(1, std::memory_order_relaxed);
                yield();
            }
        }
    } body{&turns};

    Equal() { start(thread, as_test, body); }
};

/// Makes an operation again and again, until the equal thread had turns in the middle of it, three
/// times. `prepare` comes before it, `complete` says afterwards whether it is.
template <class Prepare, class Run, class Complete>
void expect_interrupted(Prepare prepare, Run run, Complete complete,
                        const Place& place = Place::current()) {
    constexpr unsigned wanted = 3;
    constexpr unsigned most = 3000;
    Equal equal;
    unsigned interrupted = 0;
    for (unsigned i = 0; i < most && interrupted < wanted; i++) {
        if (!prepare())
            break;
        const Word before = equal.turns;
        run();
        interrupted += equal.turns != before ? 1 : 0;
        if (!test::expect("it is complete", complete(), place))
            break;
    }
    expect_equal("times it was interrupted", wanted, interrupted, place);
}
