// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Exercise 1.7: all that was derived from a capability goes, and nothing else; between two steps
/// interrupts are let in. Trees are made by mdb::insert_new, which is no exercise.
/// Read next: kernel/cap/finalise.hpp.
#include "kernel/cap/finalise.hpp"

#include "kernel/cap/mdb.hpp"
#include "labs/1-capabilities/tests/host/setting.hpp"

#include <algorithm>

using namespace setting;

namespace {

constexpr unsigned most_calls = 1000;

/// An untyped with objects.
struct Tree {
    World world;
    Slot& untyped = world.untyped(14);
    std::vector<Slot*> slots; ///< below the untyped
    Word used = 0;

    /// A slot with `cap`, a child of `parent`.
    Slot& add(const Cap& cap, Slot& parent) {
        Slot& slot = world.empty_slot();
        slot.mdb = {};
        mdb::insert_new(cap, parent, slot);
        slots.push_back(&slot);
        return slot;
    }
    PAddr take(unsigned bits) {
        used = (used + mask(bits)) & ~mask(bits);
        used += Word{1} << bits;
        return untyped.cap.address() + (used - (Word{1} << bits));
    }
    Slot& notification() { return add(NotificationCap(take(5), Badge(0), 3), untyped); }
    Slot& cnode(unsigned radix) {
        return add(CNodeCap(take(radix + abi::slot_bits), radix), untyped);
    }
    [[nodiscard]] Word full() const {
        return static_cast<Word>(
            std::ranges::count_if(slots, [](const Slot* slot) { return !slot->empty(); }));
    }
    /// Makes the call again as long as it was interrupted. Answers how many calls it took.
    static unsigned revoke_to_end(Slot& slot) {
        unsigned calls = 1;
        while (calls < most_calls && finalise::revoke(slot) == Outcome::preempted)
            calls++;
        return calls;
    }
};

Cap badge(const Slot& slot, Word number) {
    return slot.cap.as<NotificationCap>().with(Badge(number), 3);
}

} // namespace

TEST_CASE("revoke-tree: children and their children go; the capability itself and others stay") {
    Tree tree;
    Slot& other = tree.notification();
    Slot& original = tree.notification();
    Slot& seven = tree.add(badge(original, 7), original);
    Slot& eight = tree.add(badge(original, 8), original);
    Slot& copy = tree.add(badge(original, 8), eight);
    eight.mdb.set_flags(true, true);
    copy.mdb.set_flags(false, false);
    expect("done at once", finalise::revoke(eight) == Outcome::done);
    expect("the copy of badge 8 is gone", copy.empty());
    expect("badge 8 itself stays", !eight.empty());
    expect("badge 7 stays", !seven.empty());
    expect("done at once", finalise::revoke(original) == Outcome::done);
    expect("badge 7 is gone", seven.empty());
    expect("badge 8 is gone", eight.empty());
    expect("the original stays", !original.empty());
    expect("another object stays", !other.empty());
    expect("the list is whole", whole(tree.untyped));
    expect("done at once", finalise::revoke(tree.untyped) == Outcome::done);
    expect_equal("capabilities below the untyped", 0U, tree.full());
    expect("the untyped itself stays", tree.untyped.cap.is<UntypedCap>());
    expect("nothing to delete: done", finalise::revoke(tree.untyped) == Outcome::done);
}

TEST_CASE("revoke-steps: with an interrupt waiting, a call deletes one child and says preempted") {
    Tree tree;
    constexpr Word children = 20;
    for (Word i = 0; i < children; i++)
        (void)tree.notification();
    host::interrupts.always = true;
    Word left = children;
    for (unsigned calls = 0; left > 0 && calls < children; calls++) {
        const Outcome outcome = finalise::revoke(tree.untyped);
        if (!expect_equal(text("children left after call ", calls + 1), left - 1, tree.full()))
            return;
        left--;
        if (left > 0 &&
            !expect("it was preempted, as children are left", outcome == Outcome::preempted))
            return;
        expect("between two calls the list is whole", whole(tree.untyped));
    }
    expect("with no child left it is done", finalise::revoke(tree.untyped) == Outcome::done);
}

TEST_CASE("revoke-inner: when the deletion of a child was preempted, so is the revocation") {
    Tree tree;
    Slot& node = tree.cnode(3);
    for (Word i = 0; i < 8; i++)
        in(node, i).cap = CNodeCap(host::memory(6), 1);
    // The question while the CNode is emptied is answered yes, all later ones no.
    host::interrupts.at = 0;
    const Outcome outcome = finalise::revoke(tree.untyped);
    expect("an interrupt came while a CNode was emptied: preempted", outcome == Outcome::preempted);
    expect("the CNode is not empty yet, so its slot is not either", !node.empty());
    expect("made again, the call comes to its end",
           finalise::revoke(tree.untyped) == Outcome::done);
    expect("then the CNode is gone", node.empty());
}

TEST_CASE("revoke-cycle: CNodes go with all that they hold, even themselves") {
    Tree tree;
    Slot& node = tree.cnode(2);
    Slot& inside = in(node, 0);
    mdb::move(node.cap, node, inside); // its only capability lies in its own slot
    Slot& other = tree.cnode(2);
    Slot& foreign = tree.world.notification();
    // A copy of another tree's: gone only if its CNode is emptied.
    mdb::insert_new(foreign.cap, foreign, in(other, 3));
    const unsigned calls = Tree::revoke_to_end(tree.untyped);
    expect("it comes to an end", calls < most_calls);
    expect("the CNode that held itself is gone", inside.empty());
    expect("what lay in the other CNode is gone", foreign.mdb.next() == nullptr);
    expect("the other CNode is gone", other.empty());
    expect("no child is left", !mdb::has_children(tree.untyped));
}
