// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Which capabilities can be copied, as what; which name the same region, or the same object.
/// Read next: kernel/cap/mdb.hpp.
/// @stage{2}
#include "kernel/cap/mdb.hpp"
#include "kernel/tests/host/world.hpp"

#include <doctest/doctest.h>

namespace {

constexpr PAddr base(0x40'0000);

FrameCap frame(PAddr address, unsigned level) { return {address, level, false, abi::all_rights}; }

bool derives_itself(World& world, const Cap& cap) {
    return mdb::derive(world.slot(cap), cap) == cap;
}

bool derives_null(World& world, const Cap& cap) {
    return mdb::derive(world.slot(cap), cap) == Cap();
}

} // namespace

TEST_SUITE("derive") {
    TEST_CASE("most capabilities are copied as they are") {
        World world;
        CHECK(derives_itself(world, NotificationCap(base, Badge(3), 2)));
        CHECK(derives_itself(world, CNodeCap(base, 4, 1, 2)));
        CHECK(derives_itself(world, ThreadCap(base)));
        CHECK(derives_itself(world, AsidPoolCap(base, Asid(512))));
        CHECK(derives_itself(world, AsidControlCap()));
        CHECK(derives_itself(world, IrqHandlerCap(4)));
        /// @cond NONE
        CHECK(derives_itself(world, EndpointCap(base, Badge(3), 2)));
        CHECK(derives_itself(world, DomainCap()));
        /// @endcond
    }

    TEST_CASE("some cannot be copied") {
        World world;
        CHECK(derives_null(world, ZombieCap(base, 4, false, 3)));
        CHECK(derives_null(world, IrqControlCap()));
        /// @cond NONE
        CHECK(derives_null(world, ReplyCap(base, true, false)));
        /// @endcond
    }

    TEST_CASE("a copied frame is not mapped") {
        World world;
        const FrameCap mapped = frame(base, 1).with_mapping({Asid(3), VAddr(0x20'0000)});
        CHECK(mdb::derive(world.slot(mapped), mapped) == frame(base, 1));
    }

    TEST_CASE("a page table is copied only once it is mapped") {
        World world;
        const PageTableCap table(base);
        CHECK(mdb::derive(world.slot(table), table).error().error == abi::Error::illegal_operation);
        CHECK(derives_itself(world, table.with_mapping({Asid(3), VAddr(0)})));
    }

    TEST_CASE("an untyped with children is not copied") {
        World world;
        Slot& untyped = world.untyped(12);
        CHECK(mdb::derive(untyped, untyped.cap) == untyped.cap);
        mdb::insert_new(ThreadCap(untyped.cap.address()), untyped, world.empty_slot());
        CHECK(mdb::derive(untyped, untyped.cap).error().error == abi::Error::revoke_first);
    }
}

TEST_SUITE("regions of capabilities") {
    TEST_CASE("an untyped contains what lies in it, to its last byte") {
        const UntypedCap untyped(base, 12, false);
        CHECK(mdb::same_region(untyped, ThreadCap(base)));
        CHECK(mdb::same_region(untyped, ThreadCap(base + 0x800)));
        CHECK_FALSE(mdb::same_region(untyped, ThreadCap(base + 0x1000)));
        CHECK_FALSE(mdb::same_region(untyped, ThreadCap(PAddr(base.value - 0x800))));
        CHECK(mdb::same_region(untyped, untyped));
        CHECK(mdb::same_region(untyped, UntypedCap(base + 0x800, 11, false)));
        CHECK_FALSE(mdb::same_region(untyped, UntypedCap(base, 13, false)));
        CHECK_FALSE(mdb::same_region(untyped, UntypedCap(base + 0x1000, 4, false)));
        CHECK_FALSE(mdb::same_region(ThreadCap(base), untyped));
        CHECK_FALSE(mdb::same_region(untyped, IrqHandlerCap(5)));
        CHECK_FALSE(mdb::same_region(untyped, Cap()));
        CHECK(mdb::same_region(untyped, ZombieCap(base, 4, false, 2)));
    }

    TEST_CASE("memory at address 0 is not mixed up with objects that have no address") {
        const UntypedCap untyped(PAddr(0), 12, false);
        CHECK_FALSE(mdb::same_region(untyped, IrqControlCap()));
        CHECK_FALSE(mdb::same_region(untyped, AsidControlCap()));
        CHECK_FALSE(mdb::same_region(untyped, IrqHandlerCap(5)));
    }

    TEST_CASE("frames") {
        CHECK(mdb::same_region(frame(base, 1), frame(base + 0x1000, 0)));
        CHECK_FALSE(mdb::same_region(frame(base + 0x1000, 0), frame(base, 1)));
        CHECK_FALSE(mdb::same_region(frame(base, 1), frame(base + 0x20'0000, 0)));
        CHECK_FALSE(mdb::same_region(frame(base, 0), ThreadCap(base)));
        CHECK(mdb::same_object(frame(base, 0), frame(base, 0)));
        CHECK_FALSE(mdb::same_object(frame(base, 1), frame(base, 0)));
        CHECK_FALSE(mdb::same_object(frame(base, 0), frame(base, 1)));
        CHECK(mdb::same_object(frame(base, 0), frame(base, 0).with_rights(0)));
    }

    TEST_CASE("interrupts") {
        CHECK(mdb::same_region(IrqControlCap(), IrqHandlerCap(4)));
        CHECK_FALSE(mdb::same_object(IrqControlCap(), IrqHandlerCap(4)));
        CHECK(mdb::same_object(IrqHandlerCap(4), IrqHandlerCap(4)));
        CHECK_FALSE(mdb::same_region(IrqHandlerCap(4), IrqHandlerCap(5)));
        CHECK_FALSE(mdb::same_region(IrqHandlerCap(4), IrqControlCap()));
    }

    TEST_CASE("objects of other kinds, and other objects of the kind") {
        CHECK(mdb::same_object(CNodeCap(base, 4), CNodeCap(base, 4, 3, 3)));
        CHECK_FALSE(mdb::same_object(CNodeCap(base, 4), CNodeCap(base + 0x400, 4)));
        CHECK_FALSE(mdb::same_object(CNodeCap(base, 4), ThreadCap(base)));
        CHECK_FALSE(mdb::same_object(UntypedCap(base, 12, false), UntypedCap(base, 12, false)));
        CHECK_FALSE(mdb::same_object(Cap(), Cap()));
        const ZombieCap zombie(base, 4, false, 2);
        CHECK_FALSE(mdb::same_object(zombie, zombie));
        /// @cond NONE
        CHECK_FALSE(mdb::same_object(ThreadCap(base), ReplyCap(base, true, true)));
        CHECK_FALSE(mdb::same_region(UntypedCap(base, 12, false), ReplyCap(base, true, true)));
        /// @endcond
    }
}
