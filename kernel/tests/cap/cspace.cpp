// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Lookups by guards, indices and depth; every failure with all that it tells.
/// Read next: kernel/cap/cspace.hpp.
/// @stage{2}
#include "kernel/cap/cspace.hpp"

#include "kernel/tests/host/world.hpp"

#include <doctest/doctest.h>

namespace {

using abi::LookupFailure;
using cspace::resolve;

/// A CNode with a guard, in a slot.
Slot& guarded(World& world, unsigned radix, Word guard, unsigned guard_size) {
    Slot& slot = world.cnode(radix);
    slot.cap = slot.cap.as<CNodeCap>().with_guard(guard, guard_size);
    return slot;
}

void check_fault(const LookupFault& fault, LookupFailure type, Word bits_left, Word detail = 0,
                 Word guard_size = 0) {
    CHECK(fault.type == type);
    CHECK(fault.bits_left == bits_left);
    CHECK(fault.detail == detail);
    CHECK(fault.guard_size == guard_size);
}

void check_failure(const Result<Slot*>& result, bool of_source, LookupFailure type,
                   Word bits_left) {
    REQUIRE_FALSE(result.has_value());
    CHECK(result.error().error == abi::Error::failed_lookup);
    CHECK(result.error().of_source == of_source);
    check_fault(result.error().lookup, type, bits_left);
}

void check_depth_range(const Result<Slot*>& result) {
    REQUIRE_FALSE(result.has_value());
    CHECK(result.error().error == abi::Error::range_error);
    CHECK(result.error().first == 1);
    CHECK(result.error().second == 64);
}

} // namespace

TEST_SUITE("cspace") {
    TEST_CASE("an index of radix bits chooses the slot") {
        World world;
        const Slot& node = guarded(world, 3, 0, 0);
        for (Word i = 0; i < 8; i++) {
            const auto found = resolve(node.cap, 0xfff0 | i, 3);
            REQUIRE(found.has_value());
            CHECK(found->slot == &in(node, i));
            CHECK(found->bits_left == 0);
        }
    }

    TEST_CASE("the guard must agree, and says what it is if not") {
        World world;
        const Slot& node = guarded(world, 4, 0x5, 3);
        const auto found = resolve(node.cap, 0x5b, 7);
        REQUIRE(found.has_value());
        CHECK(found->slot == &in(node, 0xb));
        const auto wrong = resolve(node.cap, 0x4b, 7);
        REQUIRE_FALSE(wrong.has_value());
        check_fault(wrong.error(), LookupFailure::guard_mismatch, 7, 0x5, 3);
    }

    TEST_CASE("a guard longer than the bits that are left is a mismatch of guards") {
        World world;
        const Slot& node = guarded(world, 4, 0, 6);
        const auto found = resolve(node.cap, 0, 5);
        REQUIRE_FALSE(found.has_value());
        check_fault(found.error(), LookupFailure::guard_mismatch, 5, 0, 6);
    }

    TEST_CASE("an index longer than the bits that are left is a mismatch of depth") {
        World world;
        const Slot& node = guarded(world, 4, 1, 2);
        const auto found = resolve(node.cap, 0xb, 5);
        REQUIRE_FALSE(found.has_value());
        check_fault(found.error(), LookupFailure::depth_mismatch, 5, 6);
    }

    TEST_CASE("a lookup does not begin at what is no CNode") {
        World world;
        const auto found = resolve(world.notification().cap, 0, 64);
        REQUIRE_FALSE(found.has_value());
        check_fault(found.error(), LookupFailure::invalid_root, 0);
    }

    TEST_CASE("with all 64 bits, or a guard of 63") {
        World world;
        const Slot& whole = world.cnode(6);
        CHECK(resolve(whole.cap, 63, 64)->slot == &in(whole, 63));
        const auto wrong = resolve(whole.cap, 64, 64);
        REQUIRE_FALSE(wrong.has_value());
        check_fault(wrong.error(), LookupFailure::guard_mismatch, 64, 0, 58);
        const Slot& small = guarded(world, 1, mask(63), 63);
        CHECK(resolve(small.cap, ~Word{0}, 64)->slot == &in(small, 1));
        CHECK_FALSE(resolve(small.cap, ~Word{0} >> 1, 64).has_value());
    }

    TEST_CASE("goes on in a CNode as long as bits are left, and no longer") {
        World world;
        const Slot& root = guarded(world, 3, 0x2, 2);
        const Slot& inner = guarded(world, 4, 0x1, 1);
        in(root, 6).cap = inner.cap;
        CHECK(resolve(root.cap, 0x2 << 3 | 6, 5)->slot == &in(root, 6));
        const Word path = ((0x2 << 3 | 6) << 1 | 1) << 4 | 9; // guard, 6, guard, 9
        const auto found = resolve(root.cap, path, 10);
        REQUIRE(found.has_value());
        CHECK(found->slot == &in(inner, 9));
        const auto deep = resolve(root.cap, path & ~Word{0x10}, 10);
        REQUIRE_FALSE(deep.has_value());
        check_fault(deep.error(), LookupFailure::guard_mismatch, 5, 1, 1);
        const auto shallow = resolve(root.cap, path >> 1, 9);
        REQUIRE_FALSE(shallow.has_value());
        check_fault(shallow.error(), LookupFailure::depth_mismatch, 4, 5);
    }

    TEST_CASE("ends where no CNode is, and says how many bits are left") {
        World world;
        const Slot& root = guarded(world, 3, 0, 0);
        in(root, 5).cap = ThreadCap(PAddr(0x800));
        const auto found = resolve(root.cap, 0x5ab, 11);
        REQUIRE(found.has_value());
        CHECK(found->slot == &in(root, 5));
        CHECK(found->bits_left == 8);
        CHECK(resolve(root.cap, 0x4ab, 11)->bits_left == 8); // an empty slot ends it too
    }

    TEST_CASE("64 levels of one bit each, through one CNode that holds itself") {
        World world;
        const Slot& node = guarded(world, 1, 0, 0);
        in(node, 1).cap = node.cap;
        const auto found = resolve(node.cap, ~Word{0} - 1, 64);
        REQUIRE(found.has_value());
        CHECK(found->slot == &in(node, 0));
        CHECK(found->bits_left == 0);
        CHECK(resolve(node.cap, mask(63), 64)->bits_left == 63);
    }

    TEST_CASE("a thread's lookup takes what it finds on the way") {
        World world;
        const Slot& root = guarded(world, 4, 0, 0);
        in(root, 3).cap = ThreadCap(PAddr(0x800));
        CHECK(cspace::slot_of(root.cap, Word{3} << 60 | 0xabc) == &in(root, 3));
        CHECK_FALSE(cspace::slot_of(Cap(), 0).has_value());
    }

    TEST_CASE("an operation on CNodes takes exactly the slot it names") {
        World world;
        const Slot& root = guarded(world, 4, 0, 0);
        CHECK(cspace::slot_at(root.cap, 7, 4) == &in(root, 7));
        check_depth_range(cspace::slot_at(root.cap, 7, 0));
        check_depth_range(cspace::slot_at(root.cap, 7, 65));
        check_failure(cspace::slot_at(Cap(), 7, 0), false, LookupFailure::invalid_root, 0);
        check_failure(cspace::slot_at(root.cap, 7, 10, true), true, LookupFailure::depth_mismatch,
                      6);
        const auto shallow = cspace::slot_at(root.cap, 7, 3);
        REQUIRE_FALSE(shallow.has_value());
        check_fault(shallow.error().lookup, LookupFailure::depth_mismatch, 3, 4);
    }

    TEST_CASE("empty and full slots") {
        World world;
        const Slot& root = guarded(world, 4, 0, 0);
        in(root, 3).cap = ThreadCap(PAddr(0x800));
        CHECK(cspace::empty_slot_at(root.cap, 2, 4) == &in(root, 2));
        CHECK(cspace::empty_slot_at(root.cap, 3, 4).error().error == abi::Error::delete_first);
        CHECK(cspace::full_slot_at(root.cap, 3, 4) == &in(root, 3));
        check_failure(cspace::full_slot_at(root.cap, 2, 4), true, LookupFailure::missing_capability,
                      4);
    }
}
