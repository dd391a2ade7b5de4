// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// CNodes, copies and revocation, as a program sees them.
/// Read next: setting.hpp.
#include "labs/1-capabilities/tests/guest/setting.hpp"

TEST(
    "path: a program reaches a slot behind two CNodes with guards, and is told where it got lost") {
    const CPtr outer = allocator.make(ObjectType::cnode, 3);
    const CPtr inner = allocator.make(ObjectType::cnode, 4);
    const CPtr frame = allocator.make(ObjectType::page);
    const CPtr found = allocator.slot();
    expect_success("the inner CNode, with guard 10, goes into slot 5 of the outer one",
                   mint({outer, 5, 3}, own(inner), abi::cnode_data(0b10, 2)));
    // outer: index 101; inner: guard 10, index 0111
    const Slot deep{outer, 0b101'10'0111, 9};
    expect_success("a frame is copied to slot 7 of the inner CNode", copy(deep, own(frame)));
    expect_success("and from there back", copy(own(found), deep));
    expect_equal("it is the same frame: its address", address_of(frame), address_of(found));
    const Word guard_mismatch = static_cast<Word>(abi::LookupFailure::guard_mismatch);
    expect_error("guard 11 instead of 10", Error::failed_lookup,
                 copy({outer, 0b101'11'1000, 9}, own(frame)), {0, guard_mismatch, 6, 0b10, 2});
    const Word depth_mismatch = static_cast<Word>(abi::LookupFailure::depth_mismatch);
    expect_error("5 bits for the inner CNode, which needs 6", Error::failed_lookup,
                 copy({outer, 0b101'10'100, 8}, own(frame)), {0, depth_mismatch, 5, 6});
}

TEST("copies: what cannot be copied, and that a failed copy leaves nothing") {
    const CPtr untyped = allocator.make(ObjectType::untyped, 8);
    const CPtr table = allocator.make(ObjectType::page_table);
    const CPtr slots = allocator.slot(2);
    expect_success("a notification is made of untyped memory",
                   sel4::untyped_retype(untyped, ObjectType::notification, 0, slots));
    expect_error("a copy of untyped memory with a child", Error::revoke_first,
                 sel4::cap_copy(untyped, slots + 1));
    expect_error("a copy of a page table that is not mapped", Error::illegal_operation,
                 sel4::cap_copy(table, slots + 1));
    expect_error("a copy of the control of interrupts", Error::illegal_operation,
                 sel4::cap_copy(abi::irq_control, slots + 1));
    expect("after these errors the slot is still empty", is_empty(slots + 1));
    expect_success("a copy of the notification", sel4::cap_copy(slots, slots + 1));
}

TEST("reuse: after a revocation all memory of an untyped can be used again") {
    constexpr Word notifications = 128;
    const CPtr untyped = allocator.make(ObjectType::untyped, 12);
    const CPtr slots = allocator.slot(notifications + 1);
    for (unsigned round = 0; round < 3; round++) {
        expect_success(
            "4096 bytes become 128 notifications",
            sel4::untyped_retype(untyped, ObjectType::notification, 0, slots, notifications));
        expect_error(
            "one more", Error::not_enough_memory,
            sel4::untyped_retype(untyped, ObjectType::notification, 0, slots + notifications), {0});
        expect_success("a copy of one of them", sel4::cap_copy(slots, slots + notifications));
        expect_success("the untyped is revoked", sel4::cap_revoke(untyped));
        expect("the first notification is gone", is_empty(slots));
        expect("the last notification is gone", is_empty(slots + notifications - 1));
        expect("the copy is gone", is_empty(slots + notifications));
    }
    expect("the untyped itself stays", !is_empty(untyped));
}
