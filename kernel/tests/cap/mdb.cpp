// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The derivation tree: where nodes go, who is whose child, and what a copy is.
/// Read next: kernel/cap/mdb.hpp.
/// @stage{2}
#include "kernel/cap/mdb.hpp"

#include "kernel/tests/host/world.hpp"

#include <doctest/doctest.h>

namespace {

using Slots = std::vector<Slot*>;

NotificationCap badged(const Cap& cap, Word badge) {
    return cap.as<NotificationCap>().with(Badge(badge), abi::all_rights);
}

/// A slot that was derived from `source`.
Slot& copy_of(World& world, Slot& source, const Cap& cap) {
    Slot& slot = world.empty_slot();
    mdb::insert(cap, source, slot);
    return slot;
}
Slot& copy_of(World& world, Slot& source) { return copy_of(world, source, source.cap); }

} // namespace

TEST_SUITE("mdb") {
    TEST_CASE("a copy goes directly behind its source") {
        World world;
        Slot& first = world.notification();
        Slot& second = copy_of(world, first);
        Slot& third = copy_of(world, first);
        Slot& fourth = copy_of(world, third);
        CHECK(list_of(first) == Slots{&first, &third, &fourth, &second});
        CHECK(whole(first));
        CHECK_THROWS((mdb::insert(first.cap, first, second)));
    }

    TEST_CASE("an original has its copies as children, a copy has none") {
        World world;
        Slot& original = world.notification();
        Slot& copy = copy_of(world, original);
        Slot& copy_of_copy = copy_of(world, copy);
        CHECK(mdb::is_parent(original, copy));
        CHECK(mdb::is_parent(original, copy_of_copy));
        CHECK_FALSE(mdb::is_parent(copy, copy_of_copy));
        CHECK(mdb::has_children(original));
        CHECK_FALSE(mdb::has_children(copy));
    }

    TEST_CASE("a badge begins a subtree of its own") {
        World world;
        Slot& original = world.notification();
        Slot& seven = copy_of(world, original, badged(original.cap, 7));
        Slot& copy = copy_of(world, seven);
        Slot& other_seven = copy_of(world, original, badged(original.cap, 7));
        CHECK(list_of(original) == Slots{&original, &other_seven, &seven, &copy});
        CHECK(mdb::is_parent(original, seven));
        CHECK(mdb::is_parent(original, copy));
        CHECK(mdb::is_parent(seven, copy));
        CHECK_FALSE(mdb::is_parent(other_seven, seven));
        CHECK_FALSE(mdb::has_children(other_seven));
        CHECK_FALSE(mdb::is_parent(seven, original));
    }

    TEST_CASE("what follows a removed first of a badge takes over being it") {
        World world;
        Slot& original = world.notification();
        Slot& seven = copy_of(world, original, badged(original.cap, 7));
        Slot& copy = copy_of(world, seven);
        Slot& other = copy_of(world, original, badged(original.cap, 7));
        mdb::remove(seven);
        CHECK(copy.mdb.first_badged());
        CHECK_FALSE(copy.mdb.revocable());
        CHECK_FALSE(mdb::has_children(other));
        CHECK(list_of(original) == Slots{&original, &other, &copy});
        CHECK(seven.cap.null());
        CHECK(seven.mdb.next() == nullptr);
        CHECK_FALSE(seven.mdb.revocable());
    }

    TEST_CASE("last of its object") {
        World world;
        Slot& original = world.notification();
        CHECK(mdb::is_final(original));
        Slot& copy = copy_of(world, original);
        CHECK_FALSE(mdb::is_final(original));
        CHECK_FALSE(mdb::is_final(copy));
        mdb::remove(original);
        CHECK(mdb::is_final(copy));
    }

    TEST_CASE("new objects are children of the untyped, the newest first") {
        World world;
        Slot& untyped = world.untyped(12);
        const PAddr base = untyped.cap.address();
        Slot& one = world.empty_slot();
        Slot& two = world.empty_slot();
        mdb::insert_new(NotificationCap(base, Badge(0), 15), untyped, one);
        mdb::insert_new(NotificationCap(base + 32, Badge(0), 15), untyped, two);
        CHECK(list_of(untyped) == Slots{&untyped, &two, &one});
        CHECK(mdb::has_children(untyped));
        CHECK(one.mdb.revocable());
        CHECK(one.mdb.first_badged());
        CHECK(mdb::is_final(one));
        mdb::remove(two);
        mdb::remove(one);
        CHECK_FALSE(mdb::has_children(untyped));
    }

    TEST_CASE("a copied untyped is full, and the parent of its copy") {
        World world;
        Slot& untyped = world.untyped(12);
        Slot& copy = copy_of(world, untyped);
        CHECK(untyped.cap.as<UntypedCap>().watermark() == 4096);
        CHECK(copy.cap.as<UntypedCap>().watermark() == 0);
        CHECK(mdb::has_children(untyped));
        CHECK(copy.mdb.revocable());
        CHECK(mdb::is_final(copy)); // an untyped is the same as nothing
    }

    TEST_CASE("a move keeps place, flags and neighbours") {
        World world;
        Slot& original = world.notification();
        Slot& last = copy_of(world, original);
        Slot& seven = copy_of(world, original, badged(original.cap, 7));
        Slot& target = world.empty_slot();
        mdb::move(badged(original.cap, 8), seven, target);
        CHECK(list_of(original) == Slots{&original, &target, &last});
        CHECK(whole(original));
        CHECK(target.cap.as<NotificationCap>().badge() == Badge(8));
        CHECK(target.mdb.revocable());
        CHECK(target.mdb.first_badged());
        CHECK(seven.empty());
        CHECK(seven.mdb.prev() == nullptr);
        CHECK_THROWS(mdb::move(last.cap, last, target));
    }

    TEST_CASE("an exchange, of neighbours too, in both orders") {
        for (const auto& [a, b] : {std::pair{0, 1}, {1, 0}, {1, 2}, {0, 2}, {3, 1}, {3, 2}}) {
            CAPTURE(a);
            CAPTURE(b);
            World world;
            Slots slots = {&world.notification()};
            for (int i = 0; i < 3; i++)
                slots.push_back(&copy_of(world, *slots.back(), badged(slots[0]->cap, 0)));
            Slot& first = *slots[static_cast<unsigned>(a)];
            Slot& second = *slots[static_cast<unsigned>(b)];
            const bool revocable = first.mdb.revocable();
            mdb::swap(badged(first.cap, 1), first, badged(second.cap, 2), second);
            std::swap(slots[static_cast<unsigned>(a)], slots[static_cast<unsigned>(b)]);
            CHECK(list_of(first) == slots);
            CHECK(whole(first));
            CHECK(second.cap.as<NotificationCap>().badge() == Badge(1));
            CHECK(first.cap.as<NotificationCap>().badge() == Badge(2));
            CHECK(second.mdb.revocable() == revocable);
        }
    }

    TEST_CASE("the first and the last of the list can go") {
        World world;
        Slot& original = world.notification();
        Slot& middle = copy_of(world, original);
        Slot& last = copy_of(world, middle);
        mdb::remove(last);
        CHECK(list_of(middle) == Slots{&original, &middle});
        mdb::remove(original);
        CHECK(list_of(middle) == Slots{&middle});
        CHECK(middle.mdb.prev() == nullptr);
    }
}
