// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The run queue: who is the most important, and what is left when a thread is taken out.
#include "labs/2-notification/tests/host/setting.hpp"

#include <algorithm>
#include <deque>
#include <map>
#include <memory>

namespace {

/// A run queue of its own, and what it should be: a list for each priority.
class Pair {
public:
    RunQueue& queue = *new RunQueue;

    void append(Tcb& tcb) {
        queue.append(tcb);
        lists_[tcb.priority].push_back(&tcb);
    }
    void prepend(Tcb& tcb) {
        queue.prepend(tcb);
        lists_[tcb.priority].push_front(&tcb);
    }
    void remove(Tcb& tcb) {
        queue.remove(tcb);
        expect("a thread that was removed is not marked as queued", !tcb.queued);
        std::erase(lists_[tcb.priority], &tcb);
        if (lists_[tcb.priority].empty())
            lists_.erase(tcb.priority);
    }

    [[nodiscard]] const Tcb* first() const {
        return lists_.empty() ? nullptr : lists_.rbegin()->second.front();
    }
    bool expect_first(const std::string& after, const Place& place = Place::current()) const {
        return expect_thread("the most important thread " + after, first(), queue.most_important(),
                             place);
    }
    /// The lists' bits: what RunQueue tells without a look into a list.
    bool expect_bits(const std::string& after, const Place& place = Place::current()) const {
        bool good =
            expect_equal("is the queue empty " + after, lists_.empty(), queue.empty(), place);
        for (unsigned i = 0; good && i < abi::priorities; i++) {
            const bool above = lists_.upper_bound(static_cast<Prio>(i)) != lists_.end();
            good =
                expect_equal("is a thread above priority " + std::to_string(i) + " ready " + after,
                             above, queue.above(static_cast<Prio>(i)), place);
        }
        return good && expect("the run queue's bits and lists agree (RunQueue::invariant) " + after,
                              queue.invariant(), place);
    }

private:
    std::map<Prio, std::deque<Tcb*>> lists_;
};

std::string with_priority(Prio priority) { return "of priority " + std::to_string(priority); }

/// Priorities at the edges of the words of bits, and some in between.
constexpr Prio edges[] = {255, 254, 192, 191, 128, 127, 100, 65, 64, 63, 62, 32, 31, 1, 0};

} // namespace

TEST_CASE("queue-first: the most important thread is found, at each of the 256 priorities") {
    alone([] {
        Setting at;
        for (unsigned i = 0; i < abi::priorities; i++) {
            const auto priority = static_cast<Prio>(i);
            Pair alone_in_it, above_others, below_others;
            alone_in_it.append(at.thread(with_priority(priority), priority));
            above_others.append(at.thread(with_priority(priority), priority));
            below_others.append(at.thread(with_priority(priority), priority));
            for (const Prio other : edges) {
                if (other != priority)
                    (other < priority ? above_others : below_others)
                        .append(at.thread(with_priority(other), other));
            }
            if (!alone_in_it.expect_first("if it is alone") ||
                !above_others.expect_first("with lesser ones") ||
                !below_others.expect_first("with greater ones"))
                return;
        }
    });
}

TEST_CASE("queue-empty: if no thread is ready none is found") {
    alone([] { Pair().expect_first("of an empty queue"); });
}

TEST_CASE("queue-equals: among equals the first of the list is found") {
    alone([] {
        Setting at;
        for (const Prio priority : edges) {
            Pair pair;
            pair.append(at.thread("the one that waits longest", priority));
            pair.append(at.thread("a later one", priority));
            const bool good = pair.expect_first("of two that came one after the other");
            pair.prepend(at.thread("one that was put in front", priority));
            if (!pair.expect_first("with one that was put in front") || !good)
                return;
        }
    });
}

TEST_CASE("queue-random: whoever comes in whatever order, the most important thread is found") {
    alone([] {
        Setting at;
        Draw draw;
        for (unsigned round = 0; round < 40; round++) {
            Pair pair;
            const Word range = 1 + draw.below(256);
            for (unsigned i = 0; i < 40; i++) {
                Tcb& tcb =
                    at.thread("thread " + std::to_string(i), static_cast<Prio>(draw.below(range)));
                draw.below(2) == 0 ? pair.append(tcb) : pair.prepend(tcb);
                if (!pair.expect_first("of " + std::to_string(i + 1)))
                    return;
            }
        }
    });
}

TEST_CASE("remove-last: with the last thread of a priority the bits fall") {
    alone([] {
        Setting at;
        for (unsigned i = 0; i < abi::priorities; i++) {
            Pair pair;
            Tcb& tcb = at.thread(with_priority(static_cast<Prio>(i)), static_cast<Prio>(i));
            pair.append(tcb);
            pair.remove(tcb);
            if (!pair.expect_bits("when its only thread, " + name_of(&tcb) + ", is gone"))
                return;
        }
    });
}

TEST_CASE("remove-others: bits of other priorities stay, and of equals that are left") {
    alone([] {
        Setting at;
        for (const Prio priority : edges) {
            Pair pair;
            for (const Prio other : edges)
                pair.append(at.thread(with_priority(other), other));
            Tcb& second = at.thread("an equal", priority);
            pair.append(second);
            const std::string which = "one of two threads " + with_priority(priority) + " is gone";
            pair.remove(second);
            if (!pair.expect_bits("when " + which))
                return;
        }
    });
}

TEST_CASE("remove-word: other words' bits stay when a word is empty, and the other way round") {
    alone([] {
        Setting at;
        for (const Prio stays : edges) {
            for (const Prio goes : edges) {
                if (stays == goes)
                    continue;
                Pair pair;
                Tcb& gone = at.thread(with_priority(goes), goes);
                pair.append(at.thread(with_priority(stays), stays));
                pair.append(gone);
                pair.remove(gone);
                if (!pair.expect_bits("when one " + with_priority(goes) + " is gone, one " +
                                      with_priority(stays) + " is left"))
                    return;
            }
        }
    });
}

TEST_CASE("remove-place: a thread leaves its list wherever it stands; others keep their order") {
    alone([] {
        Setting at;
        for (unsigned goes = 0; goes < 4; goes++) {
            Pair pair;
            Tcb* threads[4];
            for (unsigned i = 0; i < 4; i++)
                pair.append(*(threads[i] = &at.thread("number " + std::to_string(i + 1))));
            const std::string which = "when number " + std::to_string(goes + 1) + " of 4 is gone";
            pair.remove(*threads[goes]);
            while (pair.expect_bits(which) && pair.expect_first(which) && pair.first() != nullptr)
                pair.remove(*pair.queue.most_important());
        }
    });
}

TEST_CASE("remove-again: a thread that was removed can be queued again, at another priority") {
    alone([] {
        Setting at;
        Pair pair;
        pair.append(at.thread("another", 60));
        Tcb& tcb = at.thread("it");
        for (const Prio priority : edges) {
            tcb.priority = priority;
            pair.append(tcb);
            const std::string now = "when it is queued with priority " + std::to_string(priority);
            if (!pair.expect_bits(now) || !pair.expect_first(now))
                return;
            pair.remove(tcb);
        }
    });
}

TEST_CASE("remove-random: threads come and go, and who is left is found in order") {
    alone([] {
        Setting at;
        Draw draw;
        Pair pair;
        std::vector<Tcb*> threads;
        for (const Prio priority : edges) {
            for (unsigned i = 0; i < 3; i++)
                threads.push_back(&at.thread(
                    with_priority(priority) + ", number " + std::to_string(i), priority));
        }
        for (unsigned step = 0; step < 1500; step++) {
            Tcb& tcb = *threads[draw.below(threads.size())];
            if (tcb.queued)
                pair.remove(tcb);
            else
                draw.below(2) == 0 ? pair.append(tcb) : pair.prepend(tcb);
            const std::string now = "at step " + std::to_string(step);
            if (!pair.expect_bits(now) || !pair.expect_first(now))
                return;
        }
    });
}
