// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Exercise 5.2: taking the most important coroutines out.
/// Read next: burst.cpp.
#include "labs/5-runtime/tests/host/setting.hpp"

#include <deque>

using namespace setting;

namespace {

/// A queue, and nodes with whose numbers a test says what it means.
struct Queue {
    Side side{2};
    rt::RunQueue queue{side.executor};
    rt::RunNode nodes[256];

    void push(unsigned number, rt::Priority priority) {
        nodes[number].next = &nodes[255]; // it is undefined until then
        queue.push(nodes[number], queue.level(priority));
    }
    /// Their numbers, one behind the other; `?` for what is no node.
    [[nodiscard]] std::string text(const rt::RunList& list) const {
        std::string text;
        unsigned count = 0;
        for (const rt::RunNode* node = list.first; node != nullptr; node = node->next) {
            const bool known = node >= nodes && node < nodes + 255;
            text += (text.empty() ? "" : " ") + (known ? std::to_string(node - nodes) : "?");
            if (!known || ++count > 300)
                return text + " ...";
        }
        return text;
    }
    /// What detach() gives now.
    void expect_detached(const std::string& what, const std::string& expected) {
        if (!expect("the queue is not empty", !queue.empty()))
            return;
        const rt::RunList list = queue.detach();
        if (expect_equal(what, expected, text(list)))
            expect("the list's last is the last of them",
                   list.last != nullptr && list.last->next == nullptr &&
                       text(list).ends_with(std::to_string(list.last - nodes)));
    }
};

} // namespace

TEST_CASE("detach-one: one coroutine is taken out, and the queue is empty") {
    alone([] {
        Queue at;
        at.push(7, 4);
        at.expect_detached("the coroutines of the most important level", "7");
        expect("the queue is empty then", at.queue.empty());
    });
}

TEST_CASE("detach-order: all of a level, in the order in which they came; the last has no next") {
    alone([] {
        Queue at;
        for (const unsigned number : {3U, 1U, 4U, 15U, 9U, 2U, 6U})
            at.push(number, 11);
        at.expect_detached("the coroutines of a level", "3 1 4 15 9 2 6");
        expect("the queue is empty then", at.queue.empty());
    });
}

TEST_CASE("detach-most: the most important level, and no other") {
    alone([] {
        Queue at;
        at.push(1, 0);
        at.push(2, 31);
        at.push(3, 17);
        at.push(4, 31);
        at.push(5, 0);
        at.push(6, 30);
        at.expect_detached("of priorities 0, 17, 30 and 31", "2 4");
        at.expect_detached("of priorities 0, 17 and 30", "6");
        at.push(7, 18);
        at.expect_detached("when 18 has come", "7");
        at.expect_detached("of priorities 0 and 17", "3");
        expect("priority 0 is left", !at.queue.empty());
        at.expect_detached("of priority 0", "1 5");
        expect("nothing is left", at.queue.empty());
    });
}

TEST_CASE("detach-again: a level that was taken out begins anew") {
    alone([] {
        Queue at;
        at.push(1, 5);
        at.push(2, 5);
        at.expect_detached("the first time", "1 2");
        at.push(3, 5);
        at.expect_detached("what came behind", "3");
        at.push(1, 5);
        at.push(3, 5);
        at.expect_detached("and what came after that", "1 3");
    });
}

TEST_CASE("detach-above: who is more important is known while a list is out") {
    alone([] {
        Queue at;
        at.push(1, 5);
        at.push(2, 3);
        rt::Level& level = at.queue.level(5);
        static_cast<void>(at.queue.detach());
        expect("nobody is above level 5 when it was taken out", !at.queue.above(level));
        expect("the most important level is 3 then", &at.queue.top() == &at.queue.level(3));
        at.push(3, 5);
        expect("an equal is not above", !at.queue.above(level));
        at.push(4, 6);
        expect("level 6 is above level 5", at.queue.above(level));
        at.expect_detached("of level 6", "4");
        expect("nobody is above any more", !at.queue.above(level));
    });
}

TEST_CASE("detach-rest: the rest of a list goes back, before those that came meanwhile") {
    alone([] {
        Queue at;
        for (unsigned i = 0; i < 5; i++)
            at.push(i, 8);
        rt::RunList list = at.queue.detach();
        list.first = list.first->next; // 0 has run
        at.push(0, 8);                 // and is ready again
        at.push(9, 8);
        at.queue.put_back(list, at.queue.level(8));
        at.expect_detached("the rest, and those that came", "1 2 3 4 0 9");
    });
}

TEST_CASE("detach-random: all priorities, against a model") {
    alone([] {
        auto random = draw(2);
        Queue at;
        std::deque<unsigned> model[rt::priorities];
        std::vector<unsigned> out;
        for (unsigned i = 0; i < 250; i++)
            out.push_back(i);
        for (unsigned step = 0; step < 20'000; step++) {
            if (random() % 5 != 0 && !out.empty()) {
                std::swap(out[random() % out.size()], out.back());
                const auto priority = static_cast<rt::Priority>(random() % rt::priorities);
                model[priority].push_back(out.back());
                at.push(out.back(), priority);
                out.pop_back();
                continue;
            }
            rt::Priority top = rt::priorities;
            while (top > 0 && model[top - 1].empty())
                top--;
            if (!expect("the queue is empty iff nothing is in it", at.queue.empty() == (top == 0)))
                return;
            if (top == 0)
                continue;
            std::string expected;
            for (const unsigned number : model[top - 1])
                expected += (expected.empty() ? "" : " ") + std::to_string(number);
            out.insert(out.end(), model[top - 1].begin(), model[top - 1].end());
            model[top - 1].clear();
            if (!expect_equal("the coroutines of priority " + std::to_string(top - 1), expected,
                              at.text(at.queue.detach())))
                return;
        }
    });
}
