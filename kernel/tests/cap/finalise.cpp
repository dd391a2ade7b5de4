// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Delete and revoke: what goes with the last capability, and that an interrupt at any step only
/// delays it.
/// Read next: kernel/cap/finalise.hpp, cycles.cpp.
/// @stage{2}
#include "kernel/cap/finalise.hpp"

#include "kernel/cap/mdb.hpp"
#include "kernel/object/notification.hpp"
#include "kernel/syscall/preempt.hpp"
#include "kernel/tests/host/world.hpp"
#include "kernel/tests/panic.hpp"

#include <doctest/doctest.h>

#include <algorithm>

namespace {

using abi::ObjectType;

/// A CNode of 8 slots, with copies of a notification in the slots of `full`.
Slot& filled(World& world, Slot& original, std::initializer_list<Word> full) {
    Slot& node = world.cnode(3);
    for (const Word slot : full)
        mdb::insert(original.cap, original, in(node, slot));
    return node;
}

bool slots_empty(const CNodeCap& node) {
    const std::span slots(node.slots(), Word{1} << node.radix());
    return std::ranges::all_of(slots, [](const Slot& slot) { return slot.empty(); });
}

bool slots_freed(const CNodeCap& node) {
    return is_freed(node.slots(), sizeof(Slot) << node.radix());
}

/// Calls until it is done; how many calls that were.
template <class Call>
unsigned until_done(Call call) {
    unsigned calls = 1;
    while (call() == Outcome::preempted) {
        REQUIRE(calls < 10'000);
        calls++;
    }
    return calls;
}

} // namespace

TEST_SUITE("finalise") {
    TEST_CASE("an empty slot stays empty") {
        World world;
        Slot& slot = world.empty_slot();
        CHECK(finalise::remove(slot, true) == Outcome::done);
        finalise::remove_simple(slot);
        CHECK(slot.empty());
    }

    TEST_CASE("a CNode keeps its slots until its last capability goes") {
        World world;
        Slot& notification = world.notification();
        Slot& node = filled(world, notification, {0, 3, 7});
        const auto cap = node.cap.as<CNodeCap>();
        Slot& copy = world.empty_slot();
        mdb::insert(node.cap, node, copy);
        CHECK(finalise::remove(node, true) == Outcome::done);
        CHECK_FALSE(slots_empty(cap));
        CHECK(list_of(notification).size() == 4);
        CHECK(finalise::remove(copy, true) == Outcome::done);
        CHECK(slots_freed(cap));
        CHECK(copy.empty());
        CHECK(list_of(notification) == std::vector{&notification});
    }

    TEST_CASE("a CNode interrupted at every step: each empties a slot, empty ones come along") {
        for (Word step = 0; step < 6; step++) {
            CAPTURE(step);
            World world;
            Slot& notification = world.notification();
            Slot& node = filled(world, notification, {0, 1, 3, 6, 7});
            const auto cap = node.cap.as<CNodeCap>();
            host::interrupts.at = step;
            const Outcome first = finalise::remove(node, true);
            CHECK(first == (step < 5 ? Outcome::preempted : Outcome::done));
            CHECK(whole(notification));
            if (first == Outcome::preempted) {
                CHECK(node.cap.is<ZombieCap>());
                CHECK(finalise::remove(node, true) == Outcome::done);
            }
            CHECK(slots_freed(cap));
            CHECK(node.empty());
            CHECK(list_of(notification) == std::vector{&notification});
        }
    }

    TEST_CASE("a step is no longer for a large CNode without anything in it") {
        World world;
        Slot& node = world.cnode(8);
        host::interrupts.always = true;
        CHECK(until_done([&] { return finalise::remove(node, true); }) == 256 / preempt::steps + 1);
        CHECK(node.empty());
    }

    TEST_CASE("a zombie is not copied, not invoked, and can be deleted wherever it is moved to") {
        World world;
        Slot& notification = world.notification();
        Slot& node = filled(world, notification, {0, 7});
        const auto cap = node.cap.as<CNodeCap>();
        host::interrupts.at = 0;
        CHECK(finalise::remove(node, true) == Outcome::preempted);
        CHECK(mdb::derive(node, node.cap) == Cap());
        Slot& elsewhere = world.empty_slot();
        mdb::move(node.cap, node, elsewhere);
        CHECK(finalise::remove(elsewhere, true) == Outcome::done);
        CHECK(slots_freed(cap));
    }

    TEST_CASE("the last capability of a thread takes the thread and its slots") {
        World world;
        Slot& notification = world.notification();
        Slot& thread = world.thread();
        Tcb& tcb = thread.cap.as<ThreadCap>().object();
        Slot& node = filled(world, notification, {2});
        const auto cap = node.cap.as<CNodeCap>();
        mdb::move(node.cap, node, tcb.slot(Tcb::cspace));
        auto& object = notification.cap.as<NotificationCap>().object();
        object.bind(tcb);
        const unsigned calls = until_done([&] {
            host::interrupts.always = true;
            return finalise::remove(thread, true);
        });
        CHECK(calls > 1);
        // A CNode within what is deleted becomes unreachable, not empty (seL4 manual 3.1.4).
        CHECK(cap.slots()[0].cap.is<ZombieCap>());
        CHECK_FALSE(cap.slots()[2].empty());
        CHECK(whole(notification));
        CHECK(is_freed(&tcb, Word{1} << abi::tcb_bits));
        CHECK(object.bound() == nullptr);
        CHECK(thread.empty());
    }

    TEST_CASE("an object stays as it is until its last capability goes, then it is filled") {
        World world;
        Slot& notification = world.notification();
        Slot& copy = world.empty_slot();
        mdb::insert(notification.cap, notification, copy);
        const void* object = &notification.cap.as<NotificationCap>().object();
        const Word bytes = Word{1} << abi::notification_bits;
        CHECK(finalise::remove(copy, true) == Outcome::done);
        CHECK_FALSE(is_freed(object, bytes));
        finalise::remove_simple(notification);
        CHECK(is_freed(object, bytes));
    }

    TEST_CASE("CNodes in CNodes, 50 deep, interrupted at every step or never") {
        for (const bool interrupted : {false, true}) {
            World world;
            Slot& untyped = world.untyped(14);
            Slot& root = world.cnode(4);
            const abi::UntypedRetype outermost{static_cast<Word>(ObjectType::cnode), 2, 0, 0, 0, 1};
            REQUIRE(world.ok(untyped, outermost, {&root}));
            Slot* slot = &in(root, 0);
            for (int depth = 0; depth < 50; depth++) {
                REQUIRE(world.ok(untyped, outermost, {slot}));
                slot = &in(*slot, 0);
            }
            host::interrupts.always = interrupted;
            until_done([&] { return finalise::remove(in(root, 0), true); });
            CHECK(in(root, 0).empty());
            until_done([&] { return finalise::revoke(untyped); });
            CHECK_FALSE(mdb::has_children(untyped));
            CHECK(list_of(untyped).size() == 1);
        }
    }

    TEST_CASE("revoke deletes one child after the other, and can be interrupted between any two") {
        World world;
        Slot& notification = world.notification();
        Slot& node = filled(world, notification, {0, 1, 2, 3, 4});
        host::interrupts.always = true;
        for (unsigned left = 5; left > 0; left--) {
            CHECK(list_of(notification).size() == left + 1);
            CHECK(finalise::revoke(notification) == Outcome::preempted);
        }
        CHECK(finalise::revoke(notification) == Outcome::done);
        CHECK(slots_empty(node.cap.as<CNodeCap>()));
        CHECK_FALSE(notification.empty());
    }

    TEST_CASE("revoke spares what stands beside") {
        World world;
        Slot& untyped = world.untyped(12);
        Slot& root = world.cnode(4);
        const auto type = static_cast<Word>(ObjectType::notification);
        REQUIRE(world.ok(untyped, abi::UntypedRetype{type, 0, 0, 0, 0, 3}, {&root}));
        const abi::CNodeCopy copy{8, 64, 1, 64, 15};
        REQUIRE(world.ok(root, copy, {&root}));
        CHECK(finalise::revoke(in(root, 1)) == Outcome::done);
        CHECK(in(root, 8).empty());
        for (Word slot = 0; slot < 3; slot++)
            CHECK_FALSE(in(root, slot).empty());
        CHECK(finalise::revoke(untyped) == Outcome::done);
        CHECK(slots_empty(root.cap.as<CNodeCap>()));
    }

    TEST_CASE("a simple removal is not for CNodes") {
        World world;
        CHECK_THROWS_AS(finalise::remove_simple(world.cnode(2)), Panic);
        Slot& notification = world.notification();
        finalise::remove_simple(notification);
        CHECK(notification.empty());
    }
}
