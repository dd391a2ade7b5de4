// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Exercise 5.6: timers in the order of their deadlines.
/// Read next: park.cpp.
#include "labs/5-runtime/tests/host/setting.hpp"

#include <algorithm>

using namespace setting;

namespace {

struct Timers {
    rt::TimerQueue queue;
    rt::Timer timers[200];

    void add(unsigned number, Word deadline) {
        timers[number].deadline = deadline;
        queue.add(timers[number]);
    }
    /// Their numbers in order, and that the links of both directions agree.
    void expect_order(const std::string& what, const std::string& expected) {
        std::string text;
        unsigned count = 0;
        const rt::Timer* before = nullptr;
        for (const rt::Timer* timer = queue.first(); timer != nullptr; timer = timer->later) {
            text += (text.empty() ? "" : " ") + std::to_string(timer - timers);
            expect("`earlier` of each is the one before it, null of the first",
                   timer->earlier == before);
            expect("each is `set`", timer->set);
            before = timer;
            if (++count > 300) {
                text += " ...";
                break;
            }
        }
        expect_equal(what, expected, text);
    }
};

} // namespace

TEST_CASE("timer-one: the only timer is the first, and is set") {
    alone([] {
        Timers at;
        at.add(4, 100);
        at.expect_order("the timers", "4");
        at.queue.remove(at.timers[4]);
        at.expect_order("when it was removed", "");
        at.add(4, 50);
        at.expect_order("when it is set again", "4");
    });
}

TEST_CASE("timer-order: whatever order they come in, the next one is first") {
    alone([] {
        Timers at;
        at.add(2, 20);
        at.add(3, 30);
        at.expect_order("20, then 30", "2 3");
        at.add(1, 10);
        at.expect_order("then 10", "1 2 3");
        at.add(5, 25);
        at.expect_order("then 25", "1 2 5 3");
        at.add(6, ~Word{0});
        at.add(7, 0);
        at.expect_order("then the last and the first time of all", "7 1 2 5 3 6");
    });
}

TEST_CASE("timer-equal: of equal deadlines, the timer that was set first is first") {
    alone([] {
        Timers at;
        at.add(0, 10);
        at.add(1, 20);
        at.add(2, 10);
        at.add(3, 20);
        at.add(4, 10);
        at.expect_order("10, 20, 10, 20, 10", "0 2 4 1 3");
    });
}

TEST_CASE("timer-remove: any of them can be taken out: both directions are linked") {
    alone([] {
        for (unsigned victim = 0; victim < 5; victim++) {
            Timers at;
            std::string expected;
            for (const unsigned number : {3U, 0U, 4U, 1U, 2U})
                at.add(number, 10 + number);
            at.queue.remove(at.timers[victim]);
            for (unsigned i = 0; i < 5; i++) {
                if (i != victim)
                    expected += (expected.empty() ? "" : " ") + std::to_string(i);
            }
            at.expect_order("without timer " + std::to_string(victim), expected);
            at.add(victim, 11);
            std::vector<unsigned> order{0, 1, 2, 3, 4};
            std::erase(order, victim);
            order.insert(std::ranges::find_if(order, [](unsigned i) { return i > 1; }), victim);
            expected.clear();
            for (const unsigned number : order)
                expected += (expected.empty() ? "" : " ") + std::to_string(number);
            at.expect_order("when it is set again, for 11", expected);
        }
    });
}

TEST_CASE("timer-random: timers are set and removed, against a model") {
    alone([] {
        auto random = draw(3);
        Timers at;
        std::vector<std::pair<Word, unsigned>> model; // stable in the order of deadlines
        for (unsigned step = 0; step < 10'000; step++) {
            const auto number = static_cast<unsigned>(random() % std::size(at.timers));
            const auto found = std::ranges::find(model, number, &std::pair<Word, unsigned>::second);
            if (found != model.end()) {
                model.erase(found);
                at.queue.remove(at.timers[number]);
            } else {
                const Word deadline = random() % 64;
                model.insert(std::ranges::upper_bound(model, deadline, {},
                                                      &std::pair<Word, unsigned>::first),
                             {deadline, number});
                at.add(number, deadline);
            }
            std::string expected;
            for (const auto& [deadline, each] : model)
                expected += (expected.empty() ? "" : " ") + std::to_string(each);
            if (step % 100 == 99)
                at.expect_order("the timers", expected);
        }
    });
}
