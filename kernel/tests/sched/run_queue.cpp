// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The run queue against 256 plain queues.
/// Read next: kernel/sched/run_queue.hpp.
/// @stage{2}
#include "kernel/sched/run_queue.hpp"

#include "kernel/tests/host/world.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <deque>
#include <memory>
#include <random>

namespace {

Tcb& object(const Slot& slot) { return slot.cap.as<ThreadCap>().object(); }

/// The kernel's queue, and the same with what the language has.
struct Pair {
    World world;
    std::unique_ptr<RunQueue> queue = std::make_unique<RunQueue>();
    std::deque<Tcb*> model[abi::priorities];
    std::vector<Tcb*> threads;

    Pair() {
        constexpr Prio priorities[] = {0, 1, 62, 63, 64, 65, 127, 128, 191, 192, 254, 255};
        for (const Prio priority : priorities) {
            for (int i = 0; i < 3; i++)
                threads.push_back(&object(world.thread(priority)));
        }
    }

    void toggle(Tcb& tcb, bool front) {
        auto& list = model[tcb.priority];
        if (tcb.queued) {
            queue->remove(tcb);
            list.erase(std::ranges::find(list, &tcb));
        } else if (front) {
            queue->prepend(tcb);
            list.push_front(&tcb);
        } else {
            queue->append(tcb);
            list.push_back(&tcb);
        }
    }

    [[nodiscard]] int greatest() const {
        int priority = abi::priorities - 1;
        while (priority >= 0 && model[priority].empty())
            priority--;
        return priority;
    }

    void check() const {
        const int priority = greatest();
        CHECK(queue->invariant());
        CHECK(queue->empty() == (priority < 0));
        CHECK(queue->most_important() == (priority < 0 ? nullptr : model[priority].front()));
        for (int than = 0; than < static_cast<int>(abi::priorities); than++)
            CHECK(queue->above(static_cast<Prio>(than)) == (priority > than));
    }
};

} // namespace

TEST_SUITE("run queue") {
    TEST_CASE("empty") {
        const Pair pair;
        pair.check();
    }

    TEST_CASE("one thread of each priority") {
        World world;
        Tcb& tcb = object(world.thread());
        const auto queue = std::make_unique<RunQueue>();
        for (unsigned priority = 0; priority < abi::priorities; priority++) {
            tcb.priority = static_cast<Prio>(priority);
            queue->append(tcb);
            CHECK(queue->most_important() == &tcb);
            CHECK(queue->invariant());
            CHECK_FALSE(queue->above(tcb.priority));
            CHECK((priority == 0 || queue->above(static_cast<Prio>(priority - 1))));
            queue->remove(tcb);
            CHECK(queue->empty());
        }
    }

    TEST_CASE("random threads come and go") {
        for (unsigned seed = 0; seed < 20; seed++) {
            CAPTURE(seed);
            std::mt19937 random(seed);
            Pair pair;
            for (int step = 0; step < 100; step++) {
                pair.toggle(*pair.threads[random() % pair.threads.size()], random() % 2 == 0);
                pair.check();
            }
        }
    }

    TEST_CASE("the invariant sees a thread whose priority was changed in the queue") {
        Pair pair;
        pair.toggle(*pair.threads[3], false);
        pair.threads[3]->priority++;
        CHECK_FALSE(pair.queue->invariant());
    }
}
