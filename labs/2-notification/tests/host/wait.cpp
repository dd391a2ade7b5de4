// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Waiting: what is there is taken, who finds nothing queues up, and nothing is lost.
#include "labs/2-notification/tests/host/setting.hpp"

#include <algorithm>
#include <deque>
#include <optional>

using State = Notification::State;

namespace {

bool waits(const Tcb& tcb) { return tcb.state == Tcb::State::waiting_for_signal; }

/// A notification, threads that wait, poll and are stopped, and what they should see.
class Play {
public:
    explicit Play(unsigned count) {
        for (unsigned i = 0; i < count; i++)
            threads_.push_back(&at_.thread("thread " + std::to_string(i)));
    }
    [[nodiscard]] Tcb& thread(Word index) { return *threads_[index % threads_.size()]; }

    void signal(Word badge) {
        notification_.signal(Badge(badge));
        if (queue_.empty()) {
            word_ = word_.value_or(0) | badge;
            return;
        }
        got(*queue_.front(), badge);
        queue_.pop_front();
    }
    /// Of a thread that does not wait.
    void wait(Tcb& tcb) {
        begin(tcb);
        notification_.wait(tcb);
        if (!word_)
            return queue_.push_back(&tcb);
        got(tcb, *word_);
        word_.reset();
    }
    void poll(Tcb& tcb) {
        begin(tcb);
        notification_.poll(tcb);
        got(tcb, std::exchange(word_, {}).value_or(0));
    }
    void stop(Tcb& tcb) {
        tcb.suspend();
        std::erase(queue_, &tcb);
    }

    /// True if all is as it should be.
    bool expect_all(const std::string& when) {
        const State state = word_ ? State::active : queue_.empty() ? State::idle : State::waiting;
        bool good =
            good_ &&
            expect("the notification is Idle, Waiting or Active as it should be " + when,
                   notification_.state() == state) &&
            expect("it is Waiting exactly if threads wait, " + when, notification_.invariant());
        for (const Tcb* tcb : threads_)
            good = good && expect_equal("does " + name_of(tcb) + " wait " + when,
                                        std::ranges::count(queue_, tcb) != 0, waits(*tcb));
        return good;
    }

private:
    static void begin(Tcb& tcb) {
        sched::dequeue(tcb); // who makes a system call runs, and is in no run queue
        tcb.state = Tcb::State::running;
        tcb.context[Context::a0] = Setting::untouched;
    }
    void got(const Tcb& tcb, Word badge) {
        good_ =
            expect_equal("what " + name_of(&tcb) + " got", badge, Setting::badge_of(tcb)) && good_;
    }

    Setting at_;
    Notification& notification_ = at_.notification();
    std::vector<Tcb*> threads_;
    std::deque<Tcb*> queue_;
    std::optional<Word> word_;
    bool good_ = true;
};

} // namespace

TEST_CASE("wait-takes: who finds a word takes it and goes on, and nothing is left of it") {
    alone([] {
        for (const Word word : {Word{5}, ~Word{0}, Word{0}}) {
            Setting at;
            Notification& notification = at.notification();
            notification.add(Badge(word));
            notification.wait(at.current());
            expect("who finds a word does not wait", at.current().state == Tcb::State::running);
            expect_equal("a0: the word that was there", word, at.badge_of(at.current()));
            expect("the notification is Idle then", notification.state() == State::idle);
            expect("who finds a word goes on", harts[0].action == Hart::Action::resume);
            notification.poll(at.current());
            expect_equal("what a poll gets afterwards", 0, at.badge_of(at.current()));
        }
    });
}

TEST_CASE("wait-blocks: who finds nothing waits, and says for what") {
    alone([] {
        Setting at;
        Notification& notification = at.notification();
        Tcb& tcb = at.current();
        notification.wait(tcb);
        expect("its state is waiting_for_signal", waits(tcb));
        expect_equal("waiting_on: the physical address of what it waits for",
                     physical(&notification).value, tcb.waiting_on);
        expect("the notification is Waiting", notification.state() == State::waiting);
        expect("it is Waiting exactly if threads wait", notification.invariant());
        expect("a thread that waits is in no run queue", !tcb.queued);
    });
}

TEST_CASE("wait-switches: if the current thread waits another one runs") {
    alone([] {
        Setting at;
        Notification& notification = at.notification();
        Tcb& low = at.thread("a less important one", 20);
        low.state = Tcb::State::running;
        harts[0].queues[0].append(low);
        notification.wait(at.current());
        expect_runs("the current thread waits", low);
        notification.wait(low);
        expect_runs("all wait", harts[0].idle);
    });
}

TEST_CASE("wait-again: after a wait that found a word the next one finds nothing, and waits") {
    alone([] {
        Setting at;
        Notification& notification = at.notification();
        notification.add(Badge(3));
        notification.wait(at.current());
        notification.wait(at.current());
        expect("who finds nothing waits", waits(at.current()));
        expect("the notification is Waiting", notification.state() == State::waiting);
    });
}

TEST_CASE("wait-cancel: who is stopped while it waits leaves the queue, wherever it stands") {
    alone([] {
        for (unsigned first = 0; first < 3; first++) {
            Setting at;
            Notification& notification = at.notification();
            Tcb* threads[3];
            for (unsigned i = 0; i < 3; i++) {
                threads[i] = &at.thread("waiter " + std::to_string(i + 1));
                threads[i]->state = Tcb::State::running;
                notification.wait(*threads[i]);
            }
            for (unsigned i = 0; i < 3; i++) {
                Tcb& tcb = *threads[(first + i) % 3];
                tcb.suspend();
                expect(name_of(&tcb) + ", which was stopped, does not wait", !waits(tcb));
                expect("the notification is Waiting as long as others wait",
                       notification.state() == (i == 2 ? State::idle : State::waiting));
                expect("it is Waiting exactly if threads wait", notification.invariant());
            }
        }
    });
}

TEST_CASE("wait-order: in whichever order some wait and others signal, no badge is lost") {
    alone([] {
        constexpr unsigned count = 4;
        for (unsigned order = 0; order < 1 << 2 * count; order++) {
            if (std::popcount(order) != count)
                continue;
            Play play(count);
            Word waited = 0, signalled = 0;
            for (unsigned step = 0; step < 2 * count; step++) {
                if ((order >> step & 1) != 0)
                    play.wait(play.thread(waited++));
                else
                    play.signal(Word{1} << signalled++);
                if (!play.expect_all("after " + std::to_string(waited) + " waits and " +
                                     std::to_string(signalled) + " signals"))
                    return;
            }
        }
    });
}

TEST_CASE("wait-random: threads wait, poll, are woken and stopped, and nothing is lost") {
    alone([] {
        Draw draw;
        Play play(6);
        for (unsigned step = 0; step < 2000; step++) {
            Tcb& tcb = play.thread(draw.below(6));
            if (draw.below(2) == 0)
                play.signal(Word{1} << draw.below(64));
            else if (waits(tcb))
                play.stop(tcb);
            else if (draw.below(4) == 0)
                play.poll(tcb);
            else
                play.wait(tcb);
            if (!play.expect_all("at step " + std::to_string(step)))
                return;
        }
    });
}

TEST_CASE("wait-end: who waits when the notification goes makes its call again") {
    alone([] {
        Setting at;
        Notification& notification = at.notification();
        Tcb* threads[3];
        for (Tcb*& tcb : threads) {
            tcb = &at.thread("a waiter");
            tcb->state = Tcb::State::running;
            notification.wait(*tcb);
        }
        expect("nobody waits any more", notification.finalise());
        for (const Tcb* tcb : threads) {
            expect("it makes its call again (state restart)", tcb->state == Tcb::State::restart);
            expect("it is in the run queue", tcb->queued);
        }
    });
}
