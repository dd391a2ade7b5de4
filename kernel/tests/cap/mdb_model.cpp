// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The derivation tree against a tree with parents and children, by seL4's rules of who is whose
/// child: a copy is the child of an original, and the sibling, directly behind, of a copy.
/// Read next: kernel/cap/mdb.hpp.
/// @stage{none}
#include "kernel/cap/mdb.hpp"
#include "kernel/tests/host/property.hpp"
#include "kernel/tests/host/world.hpp"

#include <algorithm>
#include <map>

namespace {

using abi::Error;
using abi::ObjectType;

constexpr Word slot_count = 24;

class Model {
public:
    Model() {
        mdb::move(untyped_.cap, untyped_, slot(0));
        nodes_[0] = {slot(0).cap, true, no_parent, {}};
    }

    void step(const property::Step& step) {
        const auto [what, a, b, data] = step;
        const Word source = a % slot_count;
        const Word target = b % slot_count;
        switch (what % 8) {
        case 0:
        case 1:
            return retype(source, target, data);
        case 2:
            return copy(source, target, false, data);
        case 3:
            return copy(source, target, true, data % 4);
        case 4:
            return move(source, target);
        case 5:
            return exchange(source, target);
        case 6:
            return remove(source);
        default:
            if (data % 4 == 0)
                return revoke(source);
        }
    }

    void check() {
        std::vector<Word> expected;
        preorder(0, expected);
        std::vector<Word> found;
        for (const Slot* one : list_of(slot(0)))
            found.push_back(static_cast<Word>(one - &slot(0)));
        RC_ASSERT(found == expected);
        RC_ASSERT(whole(slot(0)));
        check_parents(found);
        for (Word i = 0; i < slot_count; i++)
            check_node(i);
    }

private:
    static constexpr Word no_parent = ~Word{0};

    struct Node {
        Cap cap;
        bool original; ///< can have children
        Word parent;
        std::vector<Word> children;
    };

    Slot& slot(Word index) { return in(root_, index); }
    [[nodiscard]] bool full(Word index) const { return nodes_.contains(index); }
    std::vector<Word>& siblings(Word index) { return nodes_[nodes_[index].parent].children; }
    std::vector<Word>::iterator place(Word index) {
        return std::ranges::find(siblings(index), index);
    }

    void add(Word source, Word target, bool original, bool child) {
        const Word parent = child ? source : nodes_[source].parent;
        auto& list = nodes_[parent].children;
        list.insert(child ? list.begin() : place(source) + 1, target);
        nodes_[target] = {slot(target).cap, original, parent, {}};
    }

    void retype(Word source, Word target, unsigned data) {
        if (!full(source) || !nodes_[source].cap.is<UntypedCap>())
            source = 0;
        constexpr ObjectType types[] = {ObjectType::notification, ObjectType::cnode,
                                        ObjectType::untyped,      ObjectType::page,
                                        ObjectType::tcb,          ObjectType::endpoint};
        const ObjectType type = types[data % (config::synchronous_ipc ? 6 : 5)];
        const Word size_bits = type == ObjectType::untyped ? 10 + data / 8 % 4 : 1;
        const auto result = world_.invoke(
            slot(source), abi::UntypedRetype{static_cast<Word>(type), size_bits, 0, 0, target, 1},
            {&root_});
        if (full(target))
            RC_ASSERT(error_of(result) == Error::delete_first);
        else if (result)
            add(source, target, true, true);
        else
            RC_ASSERT(error_of(result) == Error::not_enough_memory);
    }

    /// Badge of a capability that can have one.
    static Word badge_of(const Cap& cap) {
        if (cap.is<NotificationCap>())
            return cap.as<NotificationCap>().badge().value;
        return cap.is<EndpointCap>() ? cap.as<EndpointCap>().badge().value : 0;
    }

    Error error_of_copy(Word source, Word target, bool with_badge) {
        if (full(target))
            return Error::delete_first;
        if (!full(source))
            return Error::failed_lookup;
        const Node& node = nodes_[source];
        if (with_badge && badge_of(node.cap) != 0)
            return Error::illegal_operation;
        if (node.cap.is<UntypedCap>() && !node.children.empty())
            return Error::revoke_first;
        return Error::none;
    }

    void copy(Word source, Word target, bool mint, Word badge) {
        const Error expected = error_of_copy(source, target, mint);
        const auto result =
            mint ? world_.invoke(root_, abi::CNodeMint{target, 64, source, 64, 15, badge}, {&root_})
                 : world_.invoke(root_, abi::CNodeCopy{target, 64, source, 64, 15}, {&root_});
        RC_ASSERT(error_of(result) == expected);
        if (expected != Error::none)
            return;
        const bool original = slot(target).cap.is<UntypedCap>() ||
                              badge_of(slot(target).cap) != badge_of(nodes_[source].cap);
        add(source, target, original, nodes_[source].original);
    }

    void rename(Word from, Word to) {
        Node node = nodes_[from];
        nodes_.erase(from);
        for (const Word child : node.children)
            nodes_[child].parent = to;
        std::ranges::replace(nodes_[node.parent].children, from, to);
        nodes_[to] = std::move(node);
    }

    void move(Word source, Word target) {
        const auto result = world_.invoke(root_, abi::CNodeMove{target, 64, source, 64}, {&root_});
        if (full(target))
            RC_ASSERT(error_of(result) == Error::delete_first);
        else if (!full(source))
            RC_ASSERT(error_of(result) == Error::failed_lookup);
        else
            RC_ASSERT((result == Outcome::done));
        if (!result)
            return;
        if (source == 0) { // the root of all stays in its slot
            mdb::move(slot(target).cap, slot(target), slot(0));
            return;
        }
        rename(source, target);
    }

    void exchange(Word a, Word b) {
        if (a == b || a == 0 || b == 0 || !full(a) || !full(b))
            return;
        mdb::swap(slot(a).cap, slot(a), slot(b).cap, slot(b));
        constexpr Word aside = slot_count;
        rename(a, aside);
        rename(b, a);
        rename(aside, b);
    }

    void forget(Word index) {
        const Node node = nodes_[index];
        auto& list = siblings(index);
        const auto at = list.erase(place(index));
        list.insert(at, node.children.begin(), node.children.end());
        for (const Word child : node.children)
            nodes_[child].parent = node.parent;
        nodes_.erase(index);
    }

    void remove(Word index) {
        if (index == 0)
            return;
        RC_ASSERT(world_.ok(root_, abi::CNodeDelete{index, 64}));
        if (full(index))
            forget(index);
    }

    void revoke(Word index) {
        RC_ASSERT(world_.ok(root_, abi::CNodeRevoke{index, 64}));
        while (full(index) && !nodes_[index].children.empty())
            forget(nodes_[index].children.front());
    }

    void preorder(Word index, std::vector<Word>& order) {
        order.push_back(index);
        for (const Word child : nodes_[index].children)
            preorder(child, order);
    }

    /// The parents that the kernel's list tells of: the nearest in front, with only descendants
    /// in between.
    void check_parents(const std::vector<Word>& order) {
        std::vector<Word> ancestors;
        for (const Word index : order) {
            while (!ancestors.empty() && !mdb::is_parent(slot(ancestors.back()), slot(index)))
                ancestors.pop_back();
            RC_ASSERT((ancestors.empty() ? no_parent : ancestors.back()) == nodes_[index].parent);
            ancestors.push_back(index);
        }
    }

    void check_node(Word index) {
        RC_ASSERT(slot(index).empty() == !full(index));
        if (!full(index))
            return;
        const Node& node = nodes_[index];
        RC_ASSERT(mdb::has_children(slot(index)) == !node.children.empty());
        if (node.cap.is<UntypedCap>())
            return;
        RC_ASSERT(slot(index).cap == node.cap);
        const auto names_it = [&](const auto& other) {
            return other.second.cap.type() == node.cap.type() &&
                   other.second.cap.address() == node.cap.address();
        };
        RC_ASSERT(mdb::is_final(slot(index)) == (std::ranges::count_if(nodes_, names_it) == 1));
    }

    World world_;
    Slot& untyped_ = world_.untyped(16);
    Slot& root_ = world_.cnode(5);
    std::map<Word, Node> nodes_;
};

} // namespace

TEST_SUITE("models") {
    TEST_CASE("derivation tree") {
        property::holds([](const property::Steps& steps) {
            Model model;
            for (const property::Step& step : steps) {
                model.step(step);
                model.check();
            }
        });
    }
}
