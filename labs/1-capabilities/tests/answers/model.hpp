// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Capabilities as a tree with parents and children, and untyped memory as a mark that rises: what
/// the contracts of lab 1 say, without the kernel's own ways (a list, flags, zombies).
///
///     memory ─┬─ untyped ─── page ── copy
///             └─ notification ─┬─ copy
///                              └─ badge 2 ── copy of it
///
/// Read next: labs/1-capabilities/tests/history.hpp.
#pragma once

#include "labs/1-capabilities/tests/history.hpp"

#include <array>
#include <list>

namespace model {

/// The kernel's numbers (kernel/abi/error.hpp).
enum class Error : uint64_t {
    none = 0,
    illegal_operation = 3,
    failed_lookup = 6,
    delete_first = 8,
    revoke_first = 9,
    not_enough_memory = 10,
};

struct Answer {
    Error error = Error::none;
    uint64_t free = 0;
};

class Model {
public:
    Answer carry_out(const history::Step& step);
    /// A bit for each slot that is not empty.
    [[nodiscard]] uint64_t full() const;

private:
    /// A capability. Of untyped memory: where it begins, and what of it is used.
    struct Node {
        history::Kind kind;
        Node* parent;
        bool can_be_parent; ///< of its copies
        uint64_t badge;
        uint64_t base;
        unsigned bits;
        uint64_t used;
    };

    Answer retype(Node& untyped, const history::Step& step);
    Answer copy(const history::Step& step);
    void remove(Node* node);
    void revoke(const Node* node);
    [[nodiscard]] bool has_children(const Node* node) const;

    std::list<Node> nodes_;
    Node memory_{history::Kind::untyped, nullptr, true, 0, 0, history::memory_bits, 0};
    std::array<Node*, history::slots> slots_ = {};
};

} // namespace model
