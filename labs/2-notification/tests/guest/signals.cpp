// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Signals between threads, on one hart and on several: none is lost, none comes twice.
#include "user/tests/harts.hpp"

namespace {

Result bind(CPtr tcb, CPtr notification) {
    return invoke(tcb, abi::TcbBindNotification{}, notification);
}

/// Threads that wait for one notification, and note what they got and when.
struct Waiters {
    static constexpr unsigned most = 6;
    CPtr notification = make(ObjectType::notification);
    Trace order; ///< number of each thread that was woken
    Word got[most] = {};
    user::Thread threads[most];

    Waiters() {
        for (unsigned i = 0; i < most; i++) {
            bodies_[i] = {this, i};
            start(threads[i], above, bodies_[i]);
        }
    }

private:
    struct Body {
        Waiters* all;
        Word number;
        void operator()() const {
            for (;;) {
                all->got[number] = wait(all->notification);
                all->order.add(number);
            }
        }
    };
    Body bodies_[most] = {};
};

/// Threads in a ring, through which a token goes.
class Ring {
public:
    static constexpr unsigned members = 5;
    static constexpr Word token = 1; ///< the badge

    Ring(Word harts, Word passes) : passes_(passes) {
        for (unsigned i = 0; i < members; i++) {
            of_[i] = make(ObjectType::notification);
            to_[i] = badged(of_[i], token);
        }
        for (unsigned i = 0; i < members; i++) {
            bodies_[i] = {this, i};
            start_on(threads_[i], i % harts, below, bodies_[i]);
        }
    }
    /// Until it has gone round.
    void run() {
        signal(to_[0]);
        wait(over_);
    }
    [[nodiscard]] Word passed() const { return passed_; }
    [[nodiscard]] Word strange() const { return strange_; }

private:
    struct Body {
        Ring* ring;
        unsigned number;
        void operator()() const { ring->pass(number); }
    };
    void pass(unsigned number) {
        for (;;) {
            // Half of them look first: then the wait may come before or after the signal.
            const Word seen = number % 2 == 0 ? 0 : poll(of_[number]);
            strange_ += (seen == 0 ? wait(of_[number]) : seen) == token ? 0 : 1;
            if (++passed_ >= passes_)
                return signal(over_);
            signal(to_[(number + 1) % members]);
        }
    }

    Word passes_;
    std::atomic<Word> passed_ = 0;
    std::atomic<Word> strange_ = 0;
    CPtr over_ = make(ObjectType::notification);
    CPtr of_[members] = {}; ///< each member's own notification, and
    CPtr to_[members] = {}; ///< how it is signalled: with a badge, for a poll without one is 0
    Body bodies_[members] = {};
    user::Thread threads_[members];
};

/// A thread that signals with its badge, and waits until that was seen, again and again.
struct Signaller {
    static constexpr Word rounds = 60;
    CPtr signalled = 0;
    CPtr answered = make(ObjectType::notification);
    user::Thread thread;

    void operator()() const {
        for (Word i = 0; i < rounds; i++) {
            signal(signalled);
            wait(answered);
        }
    }
};

} // namespace

TEST("badges-harts: threads on all harts signal one notification, and no badge is lost") {
    const Word harts = several_harts();
    if (harts == 0)
        return;
    constexpr Word count = 4;
    const CPtr notification = make(ObjectType::notification);
    Signaller signallers[count];
    for (Word i = 0; i < count; i++) {
        signallers[i].signalled = badged(notification, Word{1} << i);
        start_on(signallers[i].thread, i % harts, below, signallers[i]);
    }
    Word counts[count] = {};
    for (Word done = 0; done < Signaller::rounds * count;) {
        const Word badges = wait(notification);
        if (!expect("whoever is woken gets a badge", badges != 0 && badges < 1 << count))
            return;
        for (Word i = 0; i < count; i++) {
            if ((badges >> i & 1) == 0)
                continue;
            counts[i]++;
            done++;
            signal(signallers[i].answered);
        }
    }
    for (const Word each : counts)
        expect_equal("signals of one thread that arrived", Signaller::rounds, each);
}

TEST("signal-queue: signals wake those that wait in the order in which they came") {
    Draw draw(test::seed());
    Waiters waiters;
    for (unsigned i = 0; i < 40; i++) {
        const Word badge = 1 + draw.below(1 << 20);
        const CPtr capability = badged(waiters.notification, badge);
        signal(capability);
        allocator.release_slot(capability);
        const Word next = i % Waiters::most;
        if (!expect_equal("threads that were woken", i + 1, waiters.order.count()) ||
            !expect_equal("the one that waits longest is woken", next, waiters.order[i]) ||
            !expect_equal("with the badge", badge, waiters.got[next]))
            return;
    }
}

TEST("signal-bound: a thread that waits for another notification is woken by its own") {
    Trace trace;
    user::Thread thread, behind;
    const CPtr mine = make(ObjectType::notification);
    const CPtr other = make(ObjectType::notification);
    const auto body = [&] {
        for (unsigned i = 0; i < 3; i++)
            trace.add(wait(other));
    };
    const auto body_behind = [&] { trace.add(100 + wait(other)); };
    create(thread, above);
    expect_success("it is bound", bind(thread.tcb(), mine));
    start(thread, body);
    start(behind, above, body_behind);
    Word heard = 0;
    const auto expect_heard = [&](const char* what, CPtr from, Word badge) {
        signal(from);
        heard++;
        return expect_equal(what, badge, trace.count() == heard ? trace[heard - 1] : 0);
    };
    if (!expect_heard("1 at its own, while it waits at the other: badge that it hears (0: none)",
                      badged(mine, 1), 1) ||
        // The second thread waits longest now.
        !expect_heard("2 at the other, where both wait: badge that the second thread hears, and "
                      "100 (0: nobody does)",
                      badged(other, 2), 102) ||
        !expect_heard("4 at the other, where only it waits: badge that it hears (0: none)",
                      badged(other, 4), 4))
        return;
    expect_heard("8 at its own, while it waits at the other again: badge that it hears (0: none)",
                 badged(mine, 8), 8);
}

TEST("wait-ring: a token goes through threads on all harts: no wake-up is lost") {
    const Word harts = several_harts();
    if (harts == 0)
        return;
    constexpr Word passes = 300;
    Ring ring(harts, passes);
    ring.run();
    expect_equal("times that the token was passed", passes, ring.passed());
    expect_equal("waits that ended with a badge that nobody sent", 0, ring.strange());
}

TEST("wait-word: what was signalled while nobody waited is taken by the next wait, at once") {
    Draw draw(test::seed());
    const CPtr notification = make(ObjectType::notification);
    constexpr Word count = 8;
    CPtr capabilities[count];
    for (Word i = 0; i < count; i++)
        capabilities[i] = badged(notification, Word{1} << i * 8);
    for (unsigned round = 0; round < 50; round++) {
        Word all = 0;
        for (Word signals = 1 + draw.below(4); signals != 0; signals--) {
            const Word which = draw.below(count);
            signal(capabilities[which]);
            all |= Word{1} << which * 8;
        }
        if (!expect_equal("badges of all that signalled", all, wait(notification)) ||
            !expect_equal("what is left", 0, poll(notification)))
            return;
    }
}
