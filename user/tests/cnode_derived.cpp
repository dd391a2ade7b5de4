// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// CNode_Delete, Revoke, Rotate, and the two that only endpoints have: which capabilities are
/// derived from which, and what goes when one goes.
///
///     untyped - object - copy
///                      - minted (badge 1) - copy of that
///
/// seL4 manual 3.1.4, 3.2.
/// @stage{1}
#include "user/tests/cnode.hpp"

namespace {

Result rotate(const Where& to, const Where& pivot, const Where& from, Word badge = 0,
              Word pivot_badge = 0) {
    return invoke(to.root,
                  abi::CNodeRotate{to.index, to.depth, badge, pivot.index, pivot.depth, pivot_badge,
                                   from.index, from.depth},
                  pivot.root, from.root);
}

} // namespace

TEST("delete: an empty slot may be deleted") {
    expect_success("delete", cap_delete(empty_slot()));
    expect_success("revoke", cap_revoke(empty_slot()));
}

TEST("delete: takes one capability, and no copy") {
    const CPtr object = make(ObjectType::page);
    const CPtr copied = empty_slot();
    expect_success("copy", cap_copy(object, copied));
    expect_success("delete", cap_delete(object));
    expect("the slot is empty", empty(object));
    expect_success("the copy is there", page_get_address(copied));
}

TEST("revoke: takes copies and copies of copies, not the capability itself") {
    const CPtr object = make(ObjectType::page);
    const CPtr slots = empty_slot(4);
    expect_success("copy", cap_copy(object, slots));
    expect_success("copy", cap_copy(slots, slots + 1));
    expect_success("copy", cap_copy(slots + 1, slots + 2));
    expect_success("moved", cap_move(slots + 2, slots + 3));
    expect_success("revoke", cap_revoke(object));
    expect_success("it is there", page_get_address(object));
    for (CPtr slot = slots; slot < slots + 4; slot++)
        expect("a copy is gone", empty(slot));
}

TEST("revoke: a copy has no children") {
    const CPtr object = make(ObjectType::page);
    const CPtr slots = empty_slot(2);
    expect_success("copy", cap_copy(object, slots));
    expect_success("copy", cap_copy(slots, slots + 1));
    expect_success("revoke the first copy", cap_revoke(slots));
    expect_success("the second is there", page_get_address(slots + 1));
    expect_success("the first too", page_get_address(slots));
}

TEST("revoke: a badge makes a family of its own") {
    const CPtr object = make(ObjectType::notification);
    const CPtr slots = empty_slot(4);
    expect_success("one", cap_mint(object, slots, abi::all_rights, 1));
    expect_success("its copy", cap_copy(slots, slots + 1));
    expect_success("other", cap_mint(object, slots + 2, abi::all_rights, 2));
    expect_success("its copy", cap_copy(slots + 2, slots + 3));
    expect_success("revoke one", cap_revoke(slots));
    expect("its copy is gone", empty(slots + 1));
    for (const CPtr slot : {object, slots, slots + 2, slots + 3})
        expect("the others are there", exists(slot));
    expect_success("revoke all", cap_revoke(object));
    for (const CPtr slot : {slots, slots + 2, slots + 3})
        expect("all are gone", empty(slot));
}

TEST("revoke: works across CNodes, and empties one that it deletes") {
    const CPtr untyped = make(ObjectType::untyped, 14);
    const CPtr object = make(ObjectType::page);
    const CPtr cnode = empty_slot();
    expect_success("CNode", untyped_retype(untyped, ObjectType::cnode, 4, cnode));
    for (Word i = 0; i < 16; i++)
        expect_success("fill", copy({cnode, i, 4}, own(object)));
    expect_success("revoke the copies", cap_revoke(object));
    for (Word i = 0; i < 16; i++)
        expect_success("refill", copy({cnode, i, 4}, own(object)));
    expect_success("revoke the CNode", cap_revoke(untyped));
    expect("the CNode is gone", empty(cnode));
    expect_success("the object is there", page_get_address(object));
    expect_success("and can be destroyed", untyped_retype(untyped, ObjectType::cnode, 8, cnode));
}

TEST("delete: the last capability of a CNode takes what is in it") {
    const CPtr untyped = make(ObjectType::untyped, 12);
    const CPtr cnode = make(ObjectType::cnode, 4);
    const CPtr slots = empty_slot(2);
    expect_success("object", untyped_retype(untyped, ObjectType::notification, 0, slots));
    expect_success("put it in", move({cnode, 3, 4}, own(slots)));
    expect_success("second capability", cap_copy(cnode, slots + 1));
    expect_success("delete one", cap_delete(cnode));
    expect_error("the object is there", Error::revoke_first, cap_copy(untyped, slots));
    expect_success("delete the other", cap_delete(slots + 1));
    expect_success("the object is gone", cap_copy(untyped, slots));
}

TEST("delete: CNodes that hold each other can be deleted") {
    const CPtr first = make(ObjectType::cnode, 4);
    const CPtr second = make(ObjectType::cnode, 4);
    const CPtr slots = empty_slot(2);
    expect_success("in itself", copy({first, 0, 4}, own(first)));
    expect_success("second in first", copy({first, 1, 4}, own(second)));
    expect_success("first in second", copy({second, 2, 4}, own(first)));
    expect_success("delete second", cap_delete(second));
    expect_success("delete first", cap_delete(first));
    expect("both slots are empty", empty(first) && empty(second));
    expect("slots can be used", empty(slots));
}

TEST("delete: a capability in a CNode that is reached through itself") {
    const CPtr cnode = make(ObjectType::cnode, 4);
    expect_success("in itself", copy({cnode, 0, 4}, own(cnode)));
    expect_success("delete the outer one", cap_delete(cnode));
    expect("it is gone", empty(cnode));
}

TEST("rotate: moves pivot to destination and source to pivot") {
    const CPtr first = make(ObjectType::page);
    const CPtr second = make(ObjectType::page);
    const Word first_frame = identity(first);
    const Word second_frame = identity(second);
    const CPtr slot = empty_slot();
    expect_success("rotate", rotate(own(slot), own(first), own(second)));
    expect_equal("destination has the pivot's", first_frame, identity(slot));
    expect_equal("pivot has the source's", second_frame, identity(first));
    expect("the source is empty", empty(second));
}

TEST("rotate: swaps if the destination is the source") {
    const CPtr first = make(ObjectType::page);
    const CPtr second = make(ObjectType::page);
    const Word first_frame = identity(first);
    const Word second_frame = identity(second);
    expect_success("rotate", rotate(own(first), own(second), own(first)));
    expect_equal("first", second_frame, identity(first));
    expect_equal("second", first_frame, identity(second));
}

TEST("rotate: gives guards to both") {
    const CPtr first = make(ObjectType::cnode, 4);
    const CPtr second = make(ObjectType::cnode, 4);
    const CPtr frame = make(ObjectType::page);
    expect_success("fill", copy({first, 1, 4}, own(frame)));
    expect_success("fill", copy({second, 2, 4}, own(frame)));
    const CPtr slot = empty_slot();
    expect_success("rotate", rotate(own(slot), own(first), own(second), abi::cnode_data(1, 2),
                                    abi::cnode_data(2, 2)));
    expect_equal("the pivot's, with the first guard", identity(frame),
                 identity({slot, 0b01'0001, 6}));
    expect_equal("the source's, with the second", identity(frame), identity({first, 0b10'0010, 6}));
}

TEST("rotate: a short message or missing roots") {
    const Word label = static_cast<Word>(abi::Label::cnode_rotate);
    const CPtr slot = empty_slot();
    const Word words[] = {slot, 64, 0, slot, 64, 0, slot, 64};
    const CPtr roots[] = {own_cnode, own_cnode};
    for (Word length = 2; length < 8; length++)
        expect_error("short", Error::truncated_message,
                     invoke_raw(own_cnode, MessageInfo::make(label, length, 2), words, roots));
    for (Word count = 0; count < 2; count++)
        expect_error("without roots", Error::truncated_message,
                     invoke_raw(own_cnode, MessageInfo::make(label, 8, count), words, roots));
}

TEST("rotate: its errors, in order") {
    const CPtr slots = empty_slot(2);
    const CPtr object = make(ObjectType::page);
    const CPtr other = make(ObjectType::page);
    const Where nowhere = {own_cnode, Word{1} << 40, 64};
    expect_error("destination", Error::failed_lookup, rotate(nowhere, nowhere, nowhere),
                 {of_destination, guard_mismatch});
    expect_error("source", Error::failed_lookup, rotate(own(slots), {object, 0, 64}, nowhere),
                 {of_source, guard_mismatch});
    expect_error("pivot", Error::failed_lookup, rotate(own(slots), {object, 0, 64}, own(object)),
                 {of_source, invalid_root});
    expect_error("pivot is source", Error::illegal_operation,
                 rotate(own(other), own(object), own(object)));
    expect_error("pivot is destination", Error::illegal_operation,
                 rotate(own(other), own(other), own(object)));
    expect_error("destination is full", Error::delete_first,
                 rotate(own(other), own(slots), own(object)));
    expect_error("source is empty", Error::failed_lookup,
                 rotate(own(slots), own(object), own(slots + 1)),
                 {of_source, missing_capability, 64});
    expect_error("pivot is empty", Error::failed_lookup,
                 rotate(own(slots), own(slots + 1), own(object)),
                 {of_destination, missing_capability, 64});
    const CPtr badged = empty_slot();
    expect_success("mint", cap_mint(make(ObjectType::notification), badged, abi::all_rights, 4));
    expect_error("source cannot have a badge", Error::illegal_operation,
                 rotate(own(slots), own(object), own(badged), 0, 5));
    expect_error("pivot cannot have a badge", Error::illegal_operation,
                 rotate(own(slots), own(badged), own(object), 5, 0));
    expect_success("all is as before", page_get_address(object));
}

TEST("rotate: copies stay copies") {
    const CPtr object = make(ObjectType::page);
    const CPtr other = make(ObjectType::page);
    const CPtr slots = empty_slot(2);
    expect_success("copy", cap_copy(object, slots));
    expect_success("rotate", rotate(own(slots + 1), own(object), own(other)));
    expect_success("revoke where it is now", cap_revoke(slots + 1));
    expect("the copy is gone", empty(slots));
}

/// @cond NONE
TEST("cnode: only capabilities of endpoints with all rights can cancel sends") {
    const CPtr object = make(ObjectType::notification);
    for (const CPtr slot : {object, empty_slot()})
        expect_error("cancel", Error::illegal_operation,
                     invoke(own_cnode, abi::CNodeCancelBadgedSends{slot, full_depth}));
    if constexpr (!config::synchronous_ipc)
        return;
    const CPtr endpoint = make(ObjectType::endpoint);
    const CPtr slots = empty_slot(2);
    expect_success("mint", cap_mint(endpoint, slots, abi::all_rights, 9));
    expect_success("cancel", invoke(own_cnode, abi::CNodeCancelBadgedSends{slots, full_depth}));
    expect_success("fewer rights", cap_copy(endpoint, slots + 1, user::read_write));
    expect_error("cancel", Error::illegal_operation,
                 invoke(own_cnode, abi::CNodeCancelBadgedSends{slots + 1, full_depth}));
}

TEST("cnode: nobody's reply capability can be saved") {
    const CPtr slot = empty_slot();
    const Result result = invoke(own_cnode, abi::CNodeSaveCaller{slot, full_depth});
    if constexpr (config::synchronous_ipc)
        expect_success("there is none, and that is no error", result);
    else
        expect_error("there are none", Error::illegal_operation, result);
}
/// @endcond

TEST("cnode: other labels are illegal operations, however short the message") {
    const CPtr node = make(ObjectType::cnode, 2);
    for (const abi::Label label :
         {abi::Label::untyped_retype, abi::Label::page_map, abi::Label::asid_pool_assign})
        expect_error("label", Error::illegal_operation,
                     invoke_raw(node, MessageInfo::make(static_cast<Word>(label), 0)));
}
