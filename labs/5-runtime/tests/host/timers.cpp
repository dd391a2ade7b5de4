// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Exercise 5.6: timers in the order of their deadlines.
/// Read next: park.cpp.
#include "labs/5-runtime/tests/host/setting.hpp"
#include "runtime/ipc.hpp"

namespace {

/// Timers with names, and a queue that is looked at from both ends.
struct Timers {
    rt::TimerQueue queue;
    rt::Timer timers[40];

    void add(unsigned name, Word deadline) {
        timers[name] = {.deadline = deadline};
        queue.add(timers[name]);
    }
    [[nodiscard]] std::string name(const rt::Timer* timer) const {
        const bool known = timer >= timers && timer < timers + std::size(timers);
        return known ? number(static_cast<Word>(timer - timers)) : "none of the test's";
    }
    /// The queue from its first timer on; then what stands before each.
    bool expect_queue(const std::string& when, const std::string& names) const {
        std::string forward;
        const rt::Timer* before = nullptr;
        size_t left = std::size(timers);
        for (const rt::Timer* timer = queue.first(); timer != nullptr; timer = timer->later) {
            if (left-- == 0)
                return expect_equal(when + ": timers", names, forward + " and no end");
            forward += (forward.empty() ? "" : " ") + name(timer);
            if (timer->earlier != before) {
                fail(when + ": what stands before timer " + name(timer) + ": expected " +
                     (before == nullptr ? "none" : name(before)) + ", got " +
                     (timer->earlier == nullptr ? "none" : name(timer->earlier)));
                return false;
            }
            if (!expect(when + ": timer " + name(timer) + " says that it is set", timer->set))
                return false;
            before = timer;
        }
        return expect_equal(when + ": timers", names, forward);
    }
};

Played sleep(Home /*home*/, std::string* order, char letter, Word deadline) {
    co_await rt::sleep_until(deadline);
    *order += letter;
}

Word clock_time = 0;

} // namespace

TEST_CASE("timers-order: whoever ends earlier comes first") {
    alone([] {
        Timers at;
        at.add(0, 50);
        at.expect_queue("one", "0");
        at.add(1, 70);
        at.expect_queue("a later one", "0 1");
        at.add(2, 60);
        at.expect_queue("one between the two", "0 2 1");
        at.add(3, 10);
        at.expect_queue("one before all", "3 0 2 1");
    });
}

TEST_CASE("timers-equal: among equal deadlines who was set first comes first") {
    alone([] {
        Timers at;
        for (unsigned i = 0; i < 4; i++)
            at.add(i, 30);
        at.expect_queue("four that are equal", "0 1 2 3");
        at.add(4, 20);
        at.add(5, 20);
        at.add(6, 40);
        at.add(7, 30);
        at.expect_queue("with others before and behind them", "4 5 0 1 2 3 7 6");
    });
}

TEST_CASE("timers-removed: the first, the last and one between are taken out; others come in") {
    alone([] {
        Timers at;
        for (unsigned i = 0; i < 5; i++)
            at.add(i, 10 + i);
        at.queue.remove(at.timers[4]);
        at.queue.remove(at.timers[0]);
        at.queue.remove(at.timers[2]);
        at.expect_queue("0, 2 and 4 were taken out", "1 3");
        at.queue.remove(at.timers[2]);
        at.expect_queue("one that is not set is taken out, which does nothing", "1 3");
        at.add(4, 100);
        at.add(0, 0);
        at.add(2, 12);
        at.expect_queue("they come again", "0 1 2 3 4");
        for (rt::Timer* timer :
             {&at.timers[1], &at.timers[0], &at.timers[4], &at.timers[3], &at.timers[2]})
            at.queue.remove(*timer);
        at.expect_queue("all were taken out", "");
        at.add(9, 9);
        at.expect_queue("one is added to a queue that was emptied", "9");
    });
}

TEST_CASE("timers-wide: deadlines are numbers of 64 bits without a sign") {
    alone([] {
        Timers at;
        at.add(0, ~Word{0});
        at.add(1, Word{1} << 63);
        at.add(2, 5);
        at.add(3, Word{1} << 32);
        at.add(4, ~Word{0} >> 1);
        at.expect_queue("0 is the latest, 2 the earliest", "2 3 4 1 0");
    });
}

TEST_CASE("timers-random: added and taken out by chance, against a model") {
    alone([] {
        Timers at;
        Draw draw(56);
        std::vector<unsigned> model;
        for (unsigned step = 0; step < 2000; step++) {
            const auto which = static_cast<unsigned>(draw.below(std::size(at.timers)));
            const auto place = std::ranges::find(model, which);
            if (place == model.end()) {
                at.add(which, draw.below(30));
                auto later = model.begin();
                while (later != model.end() &&
                       at.timers[*later].deadline <= at.timers[which].deadline)
                    ++later;
                model.insert(later, which);
            } else {
                at.queue.remove(at.timers[which]);
                model.erase(place);
            }
            std::string names;
            for (const unsigned each : model)
                names += (names.empty() ? "" : " ") + number(each);
            if (!at.expect_queue("step " + number(step), names))
                return;
        }
    });
}

TEST_CASE("timers-wake: sleepers wake in the order of their deadlines, not before") {
    alone([] {
        Blocks blocks;
        rt::Executor executor(blocks.pool, [] { return clock_time; });
        std::string order;
        const Word deadlines[] = {30, 10, 20, 20, 40};
        for (unsigned i = 0; i < 5; i++)
            sleep(blocks, &order, static_cast<char>('a' + i), deadlines[i]).wake(executor, 1);
        expect_equal("the first deadline", 10, executor.run_until_idle().deadline);
        clock_time = 15;
        expect_equal("at 15, the next deadline", 20, executor.run_until_idle().deadline);
        expect_equal("at 15, who is awake", "b", order);
        clock_time = 39;
        expect_equal("at 39, the next deadline", 40, executor.run_until_idle().deadline);
        expect_equal("at 39, who is awake", "bcda", order);
    });
}
