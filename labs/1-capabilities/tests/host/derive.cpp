// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Exercise 1.2: what a copy of a capability would be.
/// Read next: kernel/cap/mdb.hpp.
#include "kernel/cap/mdb.hpp"

#include "labs/1-capabilities/tests/host/setting.hpp"

using namespace setting;

namespace {

constexpr PAddr object(0x40'0000);

/// The copy is what it was made of.
void expect_same(const std::string& what, const Result<Cap>& copy, const Cap& cap) {
    if (expect_success(what, copy))
        expect(what + ": the copy is the same capability", *copy == cap);
}

Result<Cap> copy_of(World& world, const Cap& cap) { return mdb::derive(world.slot(cap), cap); }

void expect_none(const std::string& what, const Result<Cap>& copy) {
    if (expect_success(what + ": the null capability, which is no error", copy))
        expect(what + " cannot be copied: the null capability", copy->null());
}

} // namespace

TEST_CASE("derive-kinds: a copy of most kinds is the same; some kinds cannot be copied") {
    World world;
    const NotificationCap notification(object, Badge(5), abi::all_rights);
    expect_same("a notification", copy_of(world, notification), notification);
    expect_same("a thread", copy_of(world, ThreadCap(object)), ThreadCap(object));
    const CNodeCap cnode(object, 4, 3, 2);
    expect_same("a CNode", copy_of(world, cnode), cnode);
    expect_same("the handler of an interrupt", copy_of(world, IrqHandlerCap(7)), IrqHandlerCap(7));
    const AsidPoolCap pool(object, Asid(512));
    expect_same("a pool of ASIDs", copy_of(world, pool), pool);
    const NotificationCap less = notification.with(Badge(9), abi::read);
    expect_same("what is asked for is `cap`, not what lies in the slot",
                mdb::derive(world.slot(notification), less), less);
    expect_none("a zombie", copy_of(world, ZombieCap(CNodeCap(object, 4))));
    expect_none("the control of interrupts", copy_of(world, IrqControlCap()));
    expect_none("an empty slot", copy_of(world, Cap()));
}

TEST_CASE("derive-untyped: untyped memory is copied only while it has no children") {
    World world;
    Slot& untyped = world.untyped(12);
    expect_same("untyped memory without children", mdb::derive(untyped, untyped.cap), untyped.cap);
    Slot& child = world.empty_slot();
    mdb::insert_new(NotificationCap(untyped.cap.address(), Badge(0), 3), untyped, child);
    expect_error("untyped memory with a child", abi::Error::revoke_first,
                 mdb::derive(untyped, untyped.cap));
    mdb::remove(child);
    expect_same("its child is gone", mdb::derive(untyped, untyped.cap), untyped.cap);
    const PAddr base = untyped.cap.address();
    Slot& first = world.empty_slot();
    Slot& second = world.empty_slot();
    mdb::insert_new(UntypedCap(base, 8, false), untyped, first);
    mdb::insert_new(UntypedCap(base + 256, 8, false), untyped, second);
    expect_same("what follows it in the list lies elsewhere: it is no child",
                mdb::derive(second, second.cap), second.cap);
}

TEST_CASE("derive-mapped: page tables are copied only where they are mapped; frames are not mapped "
          "then") {
    World world;
    const PageTableCap table(object);
    expect_error("a table that is not mapped", abi::Error::illegal_operation,
                 copy_of(world, table));
    const PageTableCap mapped = table.with_mapping({Asid(3), VAddr(0x20'0000)});
    expect_same("a mapped table", copy_of(world, mapped), mapped);
    const FrameCap frame(object, 1, true, abi::read);
    expect_same("a frame that is not mapped", copy_of(world, frame), frame);
    expect_same("a mapped frame: the copy is not mapped",
                copy_of(world, frame.with_mapping({Asid(3), VAddr(0x20'0000)})), frame);
}
