// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Exercise 1.3: where a derived capability goes in the derivation tree, and who is its parent.
/// Read next: kernel/cap/mdb.hpp.
#include "kernel/cap/mdb.hpp"

#include "labs/1-capabilities/tests/host/setting.hpp"

#include <algorithm>

using namespace setting;

namespace {

NotificationCap badged(const Cap& cap, Word badge) {
    return cap.as<NotificationCap>().with(Badge(badge), abi::all_rights);
}

/// A slot that was derived from `source`.
Slot& copy_of(World& world, Slot& source, const Cap& cap) {
    Slot& slot = world.empty_slot();
    slot.mdb = {};
    mdb::insert(cap, source, slot);
    return slot;
}
Slot& copy_of(World& world, Slot& source) { return copy_of(world, source, source.cap); }

/// The list that `first` begins has these slots, in this order, and is linked both ways.
void expect_list(const std::string& what, const std::vector<Slot*>& expected) {
    const auto name = [&](const Slot* slot) {
        const auto place = std::ranges::find(expected, slot);
        return place == expected.end() ? std::string("none of them")
                                       : text("number ", place - expected.begin());
    };
    for (size_t i = 0; i < expected.size(); i++) {
        const Slot* const prev = i == 0 ? nullptr : expected[i - 1];
        const Slot* const next = i + 1 == expected.size() ? nullptr : expected[i + 1];
        expect_equal(text(what, ": prev of number ", i), name(prev), name(expected[i]->mdb.prev()));
        expect_equal(text(what, ": next of number ", i), name(next), name(expected[i]->mdb.next()));
    }
}

} // namespace

TEST_CASE("insert-place: a new capability goes directly behind its source, linked both ways") {
    World world;
    Slot& first = world.notification();
    Slot& second = copy_of(world, first);
    expect_list("behind the only one of the list", {&first, &second});
    Slot& third = copy_of(world, first);
    expect_list("between two others", {&first, &third, &second});
    Slot& fourth = copy_of(world, second);
    expect_list("behind the last one", {&first, &third, &second, &fourth});
    expect("the slot holds the capability", fourth.cap == first.cap);
}

TEST_CASE("insert-children: the copies of an original are its children; copies have none") {
    World world;
    Slot& original = world.notification();
    Slot& copy = copy_of(world, original);
    Slot& second = copy_of(world, copy);
    expect("the original has children", mdb::has_children(original));
    expect("a copy is a child of the original", mdb::is_parent(original, copy));
    expect("a copy of the copy is a child of the original too", mdb::is_parent(original, second));
    expect("a copy has no children", !mdb::has_children(copy));
    Slot& node = world.cnode(2);
    Slot& guarded = copy_of(world, node, node.cap.as<CNodeCap>().with_guard(1, 1));
    (void)copy_of(world, guarded);
    expect("a copy of a CNode with another guard has no children", !mdb::has_children(guarded));
}

TEST_CASE("insert-badge: a capability with a new badge is the parent of its own copies") {
    World world;
    Slot& original = world.notification();
    Slot& seven = copy_of(world, original, badged(original.cap, 7));
    Slot& copy = copy_of(world, seven);
    Slot& other = copy_of(world, original, badged(original.cap, 7));
    expect("badge 7 is a child of the original", mdb::is_parent(original, seven));
    expect("a copy of badge 7 is its child", mdb::is_parent(seven, copy));
    expect("a copy of badge 7 is a child of the original too", mdb::is_parent(original, copy));
    expect("badge 7, given a second time, is not the parent of the first",
           !mdb::has_children(other));
    Slot& plain = copy_of(world, original);
    Slot& late = copy_of(world, plain, badged(original.cap, 8));
    expect("badge 8, given to a copy, is no child of that copy", !mdb::has_children(plain));
    (void)copy_of(world, late);
    expect("it is the parent of its own copies", mdb::has_children(late));
}

TEST_CASE("insert-untyped: untyped memory that was copied is full; its copy is not") {
    World world;
    Slot& untyped = world.untyped(12);
    Slot& copy = copy_of(world, untyped);
    const auto source = untyped.cap.as<UntypedCap>();
    expect_equal("bytes of the source that are in use", source.size(), source.watermark());
    expect_equal("bytes of the copy that are in use", 0U, copy.cap.as<UntypedCap>().watermark());
    expect_equal("size of the copy", source.size(), copy.cap.as<UntypedCap>().size());
    expect("the copy is a child of the source", mdb::has_children(untyped));
    (void)copy_of(world, copy);
    expect("a copy of the copy is a child of the copy", mdb::has_children(copy));
    Slot& notification = world.notification();
    const Cap before = notification.cap;
    (void)copy_of(world, notification);
    expect("the source of a copy of any other kind stays as it is", notification.cap == before);
}
