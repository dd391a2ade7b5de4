// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Where retype puts objects: from the start of the untyped upwards, each at a multiple of its
/// size, until everything made from it is gone; then from the start again, in cleared memory.
/// Read next: cnode_lookup.cpp.
/// @stage{1}
#include "user/lib/boot_info.hpp"
#include "user/lib/program.hpp"
#include "user/tests/suite.hpp"

namespace {

Word address_of(CPtr frame) { return page_get_address(frame).words[0]; }

/// Bytes that are left in an untyped: what the error for too large an object says.
Word bytes_left(CPtr untyped, CPtr slot) {
    return untyped_retype(untyped, ObjectType::untyped, abi::greatest_untyped_bits, slot).words[0];
}

/// The first device memory that is large enough to be split, and not in use.
CPtr some_device_untyped(unsigned bits, Word& paddr) {
    const abi::BootInfo& info = user::boot_info();
    for (Word i = 0; i < info.untyped.end - info.untyped.start; i++) {
        const abi::UntypedDescription& each = info.untypeds[i];
        if (each.is_device == 0 || each.size_bits < bits)
            continue;
        const CPtr untyped = user::allocator.device_untyped(each.paddr, bits);
        paddr = each.paddr;
        if (untyped != 0)
            return untyped;
    }
    return 0;
}

/// Of the words of a page, one in each cache line is looked at.
constexpr Word step = 8;
constexpr Word words_in_page = user::page_size / sizeof(Word);

} // namespace

TEST("untyped: every type of object has its size") {
    struct {
        ObjectType type;
        Word size_bits;
        Word bytes;
    } const cases[] = {
        {ObjectType::untyped, 4, 16}, {ObjectType::untyped, 13, 8192},
        {ObjectType::tcb, 0, 2048},   {ObjectType::notification, 0, 32},
        {ObjectType::cnode, 1, 64},   {ObjectType::cnode, 8, 8192},
        {ObjectType::page, 0, 4096},  {ObjectType::page_table, 0, 4096},
        {ObjectType::page, 63, 4096}, // its size is not looked at
    };
    const CPtr slot = empty_slot();
    const CPtr other = empty_slot();
    for (const auto& each : cases) {
        const CPtr untyped = make(ObjectType::untyped, 14);
        expect_success("retype", untyped_retype(untyped, each.type, each.size_bits, slot));
        expect_equal("bytes left", 16384 - each.bytes, bytes_left(untyped, other));
        expect_success("delete", cap_delete(slot));
    }
}

TEST("untyped: a large page fills an untyped of its size") {
    const CPtr untyped = make(ObjectType::untyped, abi::mega_page_bits);
    const CPtr slot = empty_slot();
    expect_success("retype", untyped_retype(untyped, ObjectType::mega_page, 0, slot));
    expect_equal("bytes left", 0, bytes_left(untyped, empty_slot()));
    expect_equal("address", 0, address_of(slot) % (1 << abi::mega_page_bits));
}

TEST("untyped: objects follow each other, at multiples of their sizes") {
    const CPtr untyped = make(ObjectType::untyped, 14);
    const CPtr slots = empty_slot(4);
    expect_success("a page", untyped_retype(untyped, ObjectType::page, 0, slots));
    expect_success("a small object", untyped_retype(untyped, ObjectType::untyped, 4, slots + 1));
    expect_equal("bytes left", 16384 - 4096 - 16, bytes_left(untyped, slots + 2));
    expect_success("two pages", untyped_retype(untyped, ObjectType::page, 0, slots + 2, 2));
    const Word start = address_of(slots);
    expect_equal("the next multiple", start + 8192, address_of(slots + 2));
    expect_equal("the one after", start + 12288, address_of(slots + 3));
    expect_equal("bytes left at the end", 0, bytes_left(untyped, empty_slot()));
}

TEST("untyped: memory before an aligned object is not used later") {
    const CPtr untyped = make(ObjectType::untyped, 13);
    const CPtr slots = empty_slot(3);
    expect_success("a small object", untyped_retype(untyped, ObjectType::untyped, 4, slots));
    expect_success("a page", untyped_retype(untyped, ObjectType::page, 0, slots + 1));
    expect_equal("bytes left", 0, bytes_left(untyped, slots + 2));
    expect_error("a small object", Error::not_enough_memory,
                 untyped_retype(untyped, ObjectType::untyped, 4, slots + 2), {0});
}

TEST("untyped: 256 objects at once are 256 different objects") {
    constexpr Word count = abi::retype_limit;
    const CPtr untyped = make(ObjectType::untyped, 20);
    const CPtr slots = empty_slot(count);
    expect_success("retype", untyped_retype(untyped, ObjectType::page, 0, slots, count));
    const Word start = address_of(slots);
    for (Word i = 0; i < count; i++)
        if (!expect_equal("address", start + i * user::page_size, address_of(slots + i)))
            return;
    expect_equal("bytes left", 0, bytes_left(untyped, empty_slot()));
}

TEST("untyped: objects go into a CNode that a path leads to") {
    const CPtr untyped = make(ObjectType::untyped, 12);
    const CPtr outer = make(ObjectType::cnode, 4);
    const CPtr inner = make(ObjectType::cnode, 4);
    expect_success(
        "copy", invoke(outer, abi::CNodeCopy{9, 4, inner, full_depth, abi::all_rights}, own_cnode));
    expect_success("retype", invoke(untyped,
                                    abi::UntypedRetype{.type = static_cast<Word>(ObjectType::page),
                                                       .size_bits = 0,
                                                       .node_index = 9,
                                                       .node_depth = 4,
                                                       .node_offset = 3,
                                                       .count = 1},
                                    outer));
    const CPtr slot = empty_slot();
    expect_success("take it out", invoke(own_cnode, abi::CNodeMove{slot, full_depth, 3, 4}, inner));
    expect_success("it is a page", page_get_address(slot));
}

TEST("untyped: revoke gives all memory back, however deep it was retyped") {
    const CPtr untyped = make(ObjectType::untyped, 14);
    const CPtr slots = empty_slot(8);
    expect_success("halves", untyped_retype(untyped, ObjectType::untyped, 13, slots, 2));
    expect_success("quarters", untyped_retype(slots, ObjectType::untyped, 12, slots + 2, 2));
    expect_success("objects", untyped_retype(slots + 2, ObjectType::notification, 0, slots + 4, 4));
    expect_success("revoke", cap_revoke(untyped));
    for (CPtr slot = slots; slot < slots + 8; slot++)
        expect_success("a slot is empty again", cap_copy(own_cnode, slot));
    expect_success("whole", untyped_retype(untyped, ObjectType::untyped, 14, empty_slot()));
}

TEST("untyped: revoking a child leaves its neighbours") {
    const CPtr untyped = make(ObjectType::untyped, 14);
    const CPtr slots = empty_slot(4);
    expect_success("halves", untyped_retype(untyped, ObjectType::untyped, 13, slots, 2));
    expect_success("left", untyped_retype(slots, ObjectType::page, 0, slots + 2));
    expect_success("right", untyped_retype(slots + 1, ObjectType::page, 0, slots + 3));
    expect_success("revoke", cap_revoke(slots));
    expect_error("left is gone", Error::failed_lookup, cap_move(slots + 2, empty_slot()));
    expect_success("right is there", page_get_address(slots + 3));
}

TEST("untyped: the start is used again once the last object is deleted") {
    const CPtr untyped = make(ObjectType::untyped, 13);
    const CPtr slots = empty_slot(3);
    expect_success("two", untyped_retype(untyped, ObjectType::page, 0, slots, 2));
    const Word first = address_of(slots);
    expect_success("delete one", cap_delete(slots));
    expect_equal("as long as there is another", 0, bytes_left(untyped, slots + 2));
    expect_success("delete the other", cap_delete(slots + 1));
    expect_success("again", untyped_retype(untyped, ObjectType::page, 0, slots));
    expect_equal("at the start", first, address_of(slots));
}

TEST("untyped: memory of an object whose copy is left is in use") {
    const CPtr untyped = make(ObjectType::untyped, 12);
    const CPtr slots = empty_slot(3);
    expect_success("a page", untyped_retype(untyped, ObjectType::page, 0, slots));
    expect_success("copy", cap_copy(slots, slots + 1));
    expect_success("delete the first", cap_delete(slots));
    expect_error("in use", Error::not_enough_memory,
                 untyped_retype(untyped, ObjectType::page, 0, slots + 2), {0});
    expect_success("delete the copy", cap_delete(slots + 1));
    expect_success("free", untyped_retype(untyped, ObjectType::page, 0, slots + 2));
}

TEST("untyped: new memory is zero, also where something was before") {
    const CPtr untyped = make(ObjectType::untyped, 15);
    const CPtr slots = empty_slot(8);
    for (unsigned round = 0; round < 2; round++) {
        expect_success("pages", untyped_retype(untyped, ObjectType::page, 0, slots, 8));
        for (CPtr slot = slots; slot < slots + 8; slot++) {
            volatile Word* const words = map(slot);
            for (Word i = 0; i < words_in_page; i += step) {
                if (!expect_equal("a word of a new page", 0, words[i]))
                    return;
                words[i] = ~Word{0};
            }
        }
        expect_success("revoke", cap_revoke(untyped));
    }
}

TEST("untyped: objects of the kernel leave nothing to be read") {
    const CPtr untyped = make(ObjectType::untyped, 13);
    const CPtr slot = empty_slot();
    expect_success("a CNode", untyped_retype(untyped, ObjectType::cnode, 8, slot));
    for (Word i = 0; i < 256; i += 16)
        expect_success(
            "fill it",
            invoke(slot, abi::CNodeCopy{i, 8, own_cnode, full_depth, abi::all_rights}, own_cnode));
    expect_success("delete it", cap_delete(slot));
    expect_success("a page", untyped_retype(untyped, ObjectType::page, 0, slot));
    volatile Word* const words = map(slot);
    for (Word i = 0; i < words_in_page; i++)
        if (!expect_equal("a word of the page", 0, words[i]))
            return;
}

TEST("untyped: devices become frames and untypeds, and nothing else") {
    Word paddr = 0;
    const CPtr device = some_device_untyped(13, paddr);
    if (device == 0)
        return skip("no device memory of 8 KiB");
    const CPtr slots = empty_slot(3);
    for (const ObjectType type :
         {ObjectType::tcb, ObjectType::notification, ObjectType::cnode, ObjectType::page_table})
        expect_error("an object", Error::invalid_argument, untyped_retype(device, type, 4, slots),
                     {1});
    expect_success("an untyped", untyped_retype(device, ObjectType::untyped, 12, slots));
    expect_error("an object in that", Error::invalid_argument,
                 untyped_retype(slots, ObjectType::notification, 0, slots + 1), {1});
    expect_success("a frame in that", untyped_retype(slots, ObjectType::page, 0, slots + 1));
    expect_equal("its address", paddr, address_of(slots + 1));
    expect_success("a frame", untyped_retype(device, ObjectType::page, 0, slots + 2));
    expect_equal("its address", paddr + user::page_size, address_of(slots + 2));
    user::allocator.destroy(device);
}

TEST("untyped: too little memory is told before the kind of memory") {
    Word paddr = 0;
    const CPtr device = some_device_untyped(12, paddr);
    if (device == 0)
        return skip("no device memory");
    expect_error("two pages of one", Error::not_enough_memory,
                 untyped_retype(device, ObjectType::page_table, 0, empty_slot(2), 2), {4096});
    user::allocator.destroy(device);
}
