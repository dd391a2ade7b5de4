// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Exercise 5.2: a whole list is taken out of the run queue.
/// Read next: burst.cpp.
#include "labs/5-runtime/tests/host/setting.hpp"

#include <deque>

namespace {

struct Queue {
    Blocks blocks;
    rt::Executor executor{blocks.pool}; // whose the levels are; it is not run
    rt::RunQueue queue{executor};
    rt::RunNode nodes[64];
    rt::RunNode garbage; ///< what a last node's `next` may be

    Queue() {
        for (rt::RunNode& node : nodes)
            node.next = &garbage;
    }
    void push(unsigned node, rt::Priority priority) {
        queue.push(nodes[node], queue.level(priority));
    }
    [[nodiscard]] std::string name(const rt::RunNode* node) const {
        if (node == nullptr)
            return "null";
        const bool known = node >= nodes && node < nodes + std::size(nodes);
        return known ? number(static_cast<Word>(node - nodes)) : "none of the test's";
    }
    /// The nodes of a list by their numbers, up to null.
    [[nodiscard]] std::string text(const rt::RunList& list) const {
        std::string text;
        size_t left = std::size(nodes) + 1;
        for (const rt::RunNode* node = list.first; node != nullptr; node = node->next) {
            text += (text.empty() ? "" : " ") + name(node);
            if (node == &garbage || left-- == 0)
                return text + " and no end";
        }
        return text;
    }
    bool expect_list(const std::string& when, const std::string& nodes_in_order) {
        if (!expect(when + ": somebody is ready", !queue.empty()))
            return false;
        const rt::RunList list = queue.detach();
        const size_t space = nodes_in_order.rfind(' ');
        const std::string last =
            space == std::string::npos ? nodes_in_order : nodes_in_order.substr(space + 1);
        return expect_equal(when + ": the list, which ends with null", nodes_in_order,
                            text(list)) &&
               expect_equal(when + ": the list's last node", last, name(list.last));
    }
};

} // namespace

TEST_CASE("detach-one: a list of one node: it is first and last, and nothing is left") {
    alone([] {
        Queue at;
        at.push(7, 4);
        at.expect_list("node 7 alone", "7");
        expect("nobody is ready any more", at.queue.empty());
    });
}

TEST_CASE("detach-order: all nodes of a level come out, in their order") {
    alone([] {
        Queue at;
        for (const unsigned node : {3U, 1U, 2U, 9U})
            at.push(node, 0);
        at.expect_list("nodes 3, 1, 2, 9", "3 1 2 9");
        expect("nobody is ready any more", at.queue.empty());
    });
}

TEST_CASE("detach-top: only the most important level; the next one is on top then") {
    alone([] {
        Queue at;
        at.push(1, 3);
        at.push(2, 31);
        at.push(3, 0);
        at.push(4, 3);
        at.push(5, 31);
        at.expect_list("levels 0, 3 and 31, first", "2 5");
        expect("then level 3 is on top",
               !at.queue.empty() && &at.queue.top() == &at.queue.level(3));
        expect("nobody is more important than level 3", !at.queue.above(at.queue.level(3)));
        expect("somebody is more important than level 2", at.queue.above(at.queue.level(2)));
        at.expect_list("levels 0 and 3", "1 4");
        at.expect_list("level 0", "3");
        expect("nobody is ready any more", at.queue.empty());
    });
}

TEST_CASE("detach-again: a level that was taken out is filled anew") {
    alone([] {
        Queue at;
        at.push(1, 6);
        at.push(2, 6);
        const rt::RunList first = at.queue.detach();
        at.push(3, 6);
        at.push(4, 6);
        expect_equal("the first list, when others were put in behind it", "1 2", at.text(first));
        at.expect_list("nodes 3 and 4, put in behind that", "3 4");
        expect("nobody is ready any more", at.queue.empty());
    });
}

TEST_CASE("detach-rest: the rest of a list is put back before those that came meanwhile") {
    alone([] {
        Queue at;
        for (const unsigned node : {1U, 2U, 3U})
            at.push(node, 6);
        rt::RunList list = at.queue.detach();
        list.first = list.first->next;
        at.push(1, 6);
        at.queue.put_back(list, at.queue.level(6));
        at.expect_list("2 and 3 were put back, 1 came again", "2 3 1");
        at.push(5, 6);
        list = at.queue.detach();
        at.queue.put_back(list, at.queue.level(6));
        at.push(6, 6);
        at.expect_list("5 was put back, then 6 came", "5 6");
    });
}

TEST_CASE("detach-random: levels and nodes by chance, against a model") {
    alone([] {
        Queue at;
        Draw draw(52);
        std::deque<unsigned> model[rt::priorities];
        std::deque<unsigned> idle;
        for (unsigned i = 0; i < std::size(at.nodes); i++)
            idle.push_back(i);
        for (unsigned step = 0; step < 3000; step++) {
            if (!idle.empty() && draw.below(8) != 0) {
                const auto priority = static_cast<unsigned>(draw.below(rt::priorities));
                at.nodes[idle.front()].next = &at.garbage;
                at.push(idle.front(), priority);
                model[priority].push_back(idle.front());
                idle.pop_front();
                continue;
            }
            unsigned top = rt::priorities;
            while (top > 0 && model[top - 1].empty())
                top--;
            if (top == 0)
                continue;
            std::string text;
            for (const unsigned node : std::exchange(model[top - 1], {})) {
                text += (text.empty() ? "" : " ") + number(node);
                idle.push_back(node);
            }
            if (!at.expect_list("step " + number(step) + ", level " + number(top - 1), text))
                return;
        }
    });
}
