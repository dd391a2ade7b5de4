// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Who runs when: by priority at once, among equals in turn. Nothing here is decided by how long
/// anything takes: the order of events is what counts.
/// @stage{2}
#include "user/tests/threads.hpp"

#include <iterator>

namespace {

/// Threads that add their number to a trace, yield, and so on.
struct Turns {
    static constexpr unsigned most = 3;
    Trace trace;
    unsigned rounds = 3;
    user::Thread threads[most];

    void add(unsigned number, Word priority) {
        bodies_[number] = {this, number};
        start(threads[number], priority, bodies_[number]);
    }

private:
    struct Body {
        Turns* all;
        unsigned number;
        void operator()() const {
            for (unsigned i = 0; i < all->rounds; i++) {
                all->trace.add(number);
                yield();
            }
        }
    };
    Body bodies_[most] = {};
};

/// Every number once in each round, in the same order each time?
void expect_in_turn(const Trace& trace, unsigned threads, unsigned rounds) {
    if (!expect_equal("turns", Word{threads} * rounds, trace.count()))
        return;
    Word seen = 0;
    for (unsigned i = 0; i < threads; i++)
        seen |= Word{1} << trace[i];
    expect_equal("each has a turn in the first round", abi::mask(threads), seen);
    for (unsigned i = threads; i < threads * rounds; i++)
        expect_equal("the order of the round before", trace[i - threads], trace[i]);
}

} // namespace

TEST("scheduling: a more important thread runs at once when it is started") {
    user::Thread thread;
    Trace trace;
    const auto body = [&] { trace.add(1); };
    create(thread, above);
    trace.add(0);
    start(thread, body);
    trace.add(2);
    trace.expect("order", {0, 1, 2});
}

TEST("scheduling: an equal one waits for its turn, a lesser one for everybody's end") {
    user::Thread same, lesser;
    Trace trace;
    const auto body_of_same = [&] { trace.add(1); };
    const auto body_of_lesser = [&] { trace.add(2); };
    start(lesser, below, body_of_lesser);
    start(same, as_test, body_of_same);
    trace.add(0);
    yield();
    trace.add(3);
    yield();
    trace.add(4);
    run_others();
    trace.expect("order", {0, 1, 3, 4, 2});
}

TEST("scheduling: a signal to a more important thread switches to it at once") {
    user::Thread thread;
    Trace trace;
    const CPtr notification = make(ObjectType::notification);
    const auto body = [&] {
        for (unsigned i = 0; i < 3; i++) {
            wait(notification);
            trace.add(1);
        }
    };
    start(thread, above, body);
    for (unsigned i = 0; i < 3; i++) {
        trace.add(0);
        signal(notification);
    }
    trace.expect("order", {0, 1, 0, 1, 0, 1});
}

TEST("scheduling: a signal to an equal or lesser thread switches not") {
    user::Thread same, lesser;
    Trace trace;
    const CPtr first = make(ObjectType::notification);
    const CPtr second = make(ObjectType::notification);
    const auto body_of_same = [&] {
        wait(first);
        trace.add(1);
    };
    const auto body_of_lesser = [&] {
        wait(second);
        trace.add(2);
    };
    start(same, as_test, body_of_same);
    start(lesser, below, body_of_lesser);
    run_others();
    trace.add(0);
    signal(second);
    trace.add(0);
    signal(first);
    trace.add(0);
    run_others();
    trace.expect("order", {0, 0, 0, 1, 2});
}

TEST("scheduling: equals that yield run in turn") {
    for (unsigned threads = 1; threads <= Turns::most; threads++) {
        Turns turns;
        turns.rounds = 5;
        for (unsigned i = 0; i < threads; i++)
            turns.add(i, below);
        run_others();
        expect_in_turn(turns.trace, threads, turns.rounds);
    }
}

TEST("scheduling: yielding does not let lesser threads run") {
    Turns turns;
    turns.add(0, below);
    turns.add(1, below - 1);
    run_others();
    turns.trace.expect("order", {0, 0, 0, 1, 1, 1});
}

TEST("scheduling: one that is alone goes on when it yields") {
    user::Thread lesser;
    bool ran = false;
    const auto body = [&] { ran = true; };
    start(lesser, below, body);
    for (unsigned i = 0; i < 10; i++)
        yield();
    expect("the lesser one waits", !ran);
}

TEST("scheduling: who was interrupted by a more important thread is first among its equals") {
    user::Thread first, second, important;
    Trace trace;
    const CPtr wake = make(ObjectType::notification);
    const auto body_of_important = [&] {
        wait(wake);
        trace.add(9);
    };
    // Whichever of the two begins interrupts itself once.
    const auto body = [&](Word number) {
        trace.add(number);
        signal(wake);
        trace.add(number);
    };
    const auto body_of_first = [&] { body(1); };
    const auto body_of_second = [&] { body(2); };
    start(important, above, body_of_important);
    start(first, below, body_of_first);
    start(second, below, body_of_second);
    run_others();
    expect_equal("events", 5, trace.count());
    expect_equal("interrupted", 9, trace[1]);
    expect_equal("it goes on", trace[0], trace[2]);
    expect_equal("then the other", trace[3], trace[4]);
}

TEST("scheduling: every priority is its own, the greatest first") {
    constexpr Word priorities[] = {1,   64, 0,   63,  65,  197, 127, 2,
                                   128, 62, 129, 191, 192, 193, 31,  32};
    constexpr unsigned count = std::size(priorities);
    struct Body {
        Trace* trace;
        Word priority;
        void operator()() const { trace->add(priority); }
    } bodies[count];
    user::Thread threads[count];
    Trace trace;
    for (unsigned i = 0; i < count; i++) {
        bodies[i] = {&trace, priorities[i] + 2};
        // Priorities 0 and 1 belong to whoever watches the test.
        start(threads[i], priorities[i] + 2, bodies[i]);
    }
    run_others();
    expect_equal("all ran", count, trace.count());
    for (unsigned i = 1; i < count; i++)
        expect("descending", trace[i - 1] > trace[i]);
}

TEST("scheduling: equals that never yield run in turn by ticks") {
    constexpr unsigned threads = 3;
    constexpr unsigned rounds = 3;
    struct {
        Trace trace;
        std::atomic<Word> last = threads;
        CPtr over = make(ObjectType::notification);
    } shared;
    struct Body {
        decltype(shared)* all;
        Word number;
        void operator()() const {
            // A turn begins when another one had the last.
            while (all->trace.count() < Word{threads} * rounds) {
                if (all->last.exchange(number) != number)
                    all->trace.add(number);
            }
            signal(all->over);
        }
    } bodies[threads];
    user::Thread spinners[threads];
    for (unsigned i = 0; i < threads; i++) {
        bodies[i] = {&shared, i};
        start(spinners[i], below, bodies[i]);
    }
    wait(shared.over);
    expect_in_turn(shared.trace, threads, rounds);
}

TEST("scheduling: the end of a slice does not let lesser threads run") {
    user::Thread first, second, lesser;
    std::atomic<Word> turns = 0;
    bool ran = false;
    const CPtr over = make(ObjectType::notification);
    // Each waits, without yielding, for a turn of the other: that comes at the end of a slice.
    const auto body = [&](Word mine) {
        while (turns < 6) {
            if (turns % 2 == mine)
                turns++;
        }
        signal(over);
    };
    const auto body_of_first = [&] { body(0); };
    const auto body_of_second = [&] { body(1); };
    const auto body_of_lesser = [&] { ran = true; };
    start(lesser, below - 1, body_of_lesser);
    start(first, below, body_of_first);
    start(second, below, body_of_second);
    wait(over);
    expect("the lesser one waits", !ran);
}

TEST("scheduling: who waits and is woken goes behind its equals that are ready") {
    user::Thread first, second;
    Trace trace;
    const CPtr notification = make(ObjectType::notification);
    const auto body_of_first = [&] {
        wait(notification);
        trace.add(1);
    };
    const auto body_of_second = [&] {
        trace.add(2);
        signal(notification);
        trace.add(2);
        yield();
        trace.add(2);
    };
    start(first, below, body_of_first);
    run_others();
    start(second, below, body_of_second);
    run_others();
    trace.expect("order", {2, 2, 1, 2});
}

TEST("scheduling: suspended threads take no turn, resumed ones do") {
    Turns turns;
    turns.add(0, below);
    turns.add(1, below);
    expect_success("suspend", tcb_suspend(turns.threads[0].tcb()));
    run_others();
    turns.trace.expect("the other alone", {1, 1, 1});
    expect_success("resume", tcb_resume(turns.threads[0].tcb()));
    run_others();
    turns.trace.expect("then it", {1, 1, 1, 0, 0, 0});
}
