// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Who runs when: the end of slices, and threads that become ready. The order of events is what
/// counts, not how long anything takes.
#include "user/tests/harts.hpp"

namespace {

/// Threads that note their number when they run.
class Crowd {
public:
    static constexpr unsigned most = 12;

    Crowd() {
        for (unsigned i = 0; i < most; i++) {
            bodies_[i] = {&trace_, i};
            create(threads_[i], below);
        }
    }
    /// One becomes ready. @pre it has run to its end, or never
    void start(unsigned number, Word priority, const Place& place = Place::current()) {
        expect_success("it has a priority", tcb_set_priority(threads_[number].tcb(), priority),
                       place);
        ::start(threads_[number], bodies_[number]);
    }
    [[nodiscard]] const Trace& trace() const { return trace_; }

private:
    struct Body {
        Trace* trace;
        Word number;
        void operator()() const { trace->add(number); }
    };
    Trace trace_;
    Body bodies_[most] = {};
    user::Thread threads_[most];
};

} // namespace

TEST("slice-turns: threads that never yield have turns, in the same order each time") {
    constexpr Word threads = 3;
    constexpr Word rounds = 3;
    Trace trace;
    std::atomic<Word> last = threads;
    const CPtr over = make(ObjectType::notification);
    // A turn begins when another thread had the last one.
    const auto turn = [&](Word number) {
        while (trace.count() < threads * rounds) {
            if (last.exchange(number) != number)
                trace.add(number);
        }
        signal(over);
    };
    const auto first = [&] { turn(0); };
    const auto second = [&] { turn(1); };
    const auto third = [&] { turn(2); };
    std::atomic<bool> lesser_ran = false;
    const auto lesser = [&] { lesser_ran = true; };
    user::Thread all[4];
    start(all[3], below - 1, lesser);
    start(all[0], below, first);
    start(all[1], below, second);
    start(all[2], below, third);
    wait(over);
    expect("a less important thread does not run meanwhile", !lesser_ran);
    for (Word i = threads; i < threads * rounds; i++)
        expect_equal("who has the next turn", trace[i - threads], trace[i]);
}

TEST("slice-alone: a thread that is alone in its priority goes on when its slice is over") {
    user::Thread spinner, lesser;
    std::atomic<bool> lesser_ran = false;
    bool ran_too_early = true;
    const auto spin = [&] {
        for (Word i = 0; i < 12'000'000; i++)
            asm volatile("");
        ran_too_early = lesser_ran;
    };
    const auto body = [&] { lesser_ran = true; };
    start(lesser, below - 1, body);
    start(spinner, below, spin);
    run_others();
    expect("a less important thread runs only then", !ran_too_early);
    expect("and then it runs", lesser_ran);
}

TEST("order-random: threads that are ready run in the order of their priorities") {
    Draw draw(test::seed());
    Crowd crowd;
    for (unsigned round = 0; round < 5; round++) {
        Word priorities[Crowd::most];
        for (unsigned i = 0; i < Crowd::most; i++) {
            priorities[i] = 2 + draw.below(round < 3 ? 190 : 3);
            crowd.start(i, priorities[i]);
        }
        run_others();
        const Word first = Word{round} * Crowd::most;
        if (!expect_equal("threads that ran", first + Crowd::most, crowd.trace().count()))
            return;
        for (Word i = first + 1; i < first + Crowd::most; i++)
            expect("a more important thread runs first",
                   priorities[crowd.trace()[i - 1]] >= priorities[crowd.trace()[i]]);
    }
}

TEST("order-woken: one that is woken runs at once if it is more important, else in turn") {
    Trace trace;
    const CPtr to_high = make(ObjectType::notification);
    const CPtr to_equal = make(ObjectType::notification);
    user::Thread high, first, second;
    const auto high_body = [&] {
        wait(to_high);
        trace.add(9);
    };
    const auto first_body = [&] {
        wait(to_equal);
        trace.add(1);
    };
    const auto second_body = [&] { trace.add(2); };
    start(high, above, high_body);
    start(first, as_test, first_body);
    yield();
    start(second, as_test, second_body);
    trace.add(0);
    signal(to_high);
    trace.add(0);
    signal(to_equal);
    trace.add(0);
    yield();
    trace.add(0);
    trace.expect("who runs after what", {0, 9, 0, 0, 2, 1, 0});
}

TEST("order-elsewhere: a thread that is woken for another hart runs there, before lesser ones") {
    const Word harts = several_harts();
    if (harts == 0)
        return;
    Counter lesser;
    lesser.start(1, below);
    expect("the other hart is busy", lesser.runs());
    user::Thread thread;
    const CPtr wake = make(ObjectType::notification);
    std::atomic<Word> woken = 0;
    const auto body = [&] {
        for (;;) {
            wait(wake);
            woken++;
        }
    };
    start_on(thread, 1, below + 1, body);
    Draw draw(test::seed());
    for (Word i = 1; i <= 50; i++) {
        for (Word wait = draw.below(500); wait != 0; wait--)
            asm volatile("");
        signal(wake);
        // Less than a tick: the other hart must have been interrupted.
        if (!expect("it runs at once", comes_true([&] { return woken == i; }, 300)))
            break;
    }
    lesser.destroy();
    thread.destroy();
}
