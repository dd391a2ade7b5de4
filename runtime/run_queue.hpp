// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Coroutines that are ready, a list for each of 32 priorities; 31 is the most important. One bit
/// for each list that is not empty: its highest says who is next.
///
///     ready    | 0 0 1 0 ... 1 |
///                    |       '── level 0: head -> node -> node -> ?      last -> node
///                    '────────── level 29: ...
///
/// A node is put in with three stores, and a whole list is taken out at once. To stay that short,
/// the last node's `next` is not null but undefined until then.
/// Levels lie in the order of their importance, so addresses of levels compare as they do.
/// Always holds: a bit is set iff its list is not empty; an empty list's `last` is its own head.
/// Read next: runtime/executor.hpp.
/// @stage{5}
#pragma once

#include "kernel/lib/todo.hpp"
#include "runtime/bits.hpp"

namespace rt {

// Your own helpers: begin
// Your own helpers: end

using abi::Word;
using Priority = unsigned;
constexpr Priority priorities = 32;

struct RunNode {
    RunNode* next = nullptr;
};

class Executor;

/// The coroutines of one priority that are ready.
struct Level {
    RunNode head;
    RunNode* last = &head;
    Word bit = 0;
    Executor* executor = nullptr; ///< to which it belongs
};

/// Nodes that were taken out, in their order; ends with null.
struct RunList {
    RunNode* first = nullptr;
    RunNode* last = nullptr;
};

class RunQueue {
public:
    explicit RunQueue(Executor& owner) {
        for (Priority i = 0; i < priorities; i++) {
            levels_[i].bit = Word{1} << i;
            levels_[i].executor = &owner;
        }
    }

    [[nodiscard]] bool empty() const { return top_ == nullptr; }
    [[nodiscard]] Level& level(Priority priority) { return levels_[priority]; }

    /// Is somebody ready who is more important than this level?
    [[nodiscard]] bool above(const Level& level) const { return top_ > &level; }

    /// above() holds for every level until settle(): whoever runs is to pause.
    void interrupt() { top_ = levels_ + priorities; }
    void settle() {
        if (top_ == levels_ + priorities)
            find_top();
    }

    /// As the last of its priority. @pre in no list
    void push(RunNode& node, Level& level) {
        RunNode* const last = level.last;
        last->next = &node;
        level.last = &node;
        if (last == &level.head)
            mark(level);
    }

    /// The most important level. @pre not empty
    [[nodiscard]] Level& top() { return *top_; }

    /// @lab{5.2} Takes all nodes of the most important level out. @pre not empty
    [[nodiscard]] RunList detach() {
        Level& level = *top_;
        const RunList list{level.head.next, level.last};
        list.last->next = nullptr;
        level.last = &level.head;
        ready_ &= ~level.bit;
        find_top();
        return list;
    }

    /// Puts the rest of a list back, before those that came meanwhile. @pre not empty
    void put_back(const RunList& list, Level& level) {
        list.last->next = level.head.next; // undefined if nobody came: then it is the last
        level.head.next = list.first;
        if (level.last == &level.head)
            level.last = list.last;
        mark(level);
    }

private:
    void find_top() { top_ = ready_ == 0 ? nullptr : &levels_[highest_bit(ready_)]; }
    void mark(Level& level) {
        ready_ |= level.bit;
        if (!above(level))
            top_ = &level;
    }

    Word ready_ = 0;
    Level* top_ = nullptr; ///< the most important level that is not empty
    Level levels_[priorities];
};

} // namespace rt
