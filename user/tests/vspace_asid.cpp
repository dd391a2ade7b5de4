// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// ASIDControl_MakePool and ASIDPool_Assign: every error in order, full tables, and what is left
/// when a pool or a root goes.
/// @stage{1}
#include "user/tests/vspace.hpp"

namespace {

constexpr Word pool_bits = abi::asid_pool_bits;
constexpr Word no_depth = 65;

Result make_pool(CPtr untyped, CPtr slot, Word depth = full_depth, CPtr root = own_cnode) {
    return invoke(abi::asid_control, abi::AsidControlMakePool{slot, depth}, untyped, root);
}

CPtr memory_for_pool() { return make(ObjectType::untyped, pool_bits); }

/// `count` page tables in a row.
CPtr tables(Word count) {
    constexpr Word most = abi::retype_limit;
    const CPtr memory = make(ObjectType::untyped, 21);
    const CPtr first = empty_slot(count);
    for (Word done = 0; done < count; done += most)
        expect_success("page tables",
                       untyped_retype(memory, ObjectType::page_table, 0, first + done,
                                      count - done < most ? count - done : most));
    return first;
}

} // namespace

TEST("asid: making a pool with a short message is truncated") {
    const Word label = static_cast<Word>(abi::Label::asid_control_make_pool);
    const std::array words{empty_slot(), no_depth};
    const std::array caps{empty_slot(), own_cnode};
    for (Word length = 0; length < 2; length++)
        expect_error(
            "too few words", Error::truncated_message,
            invoke_raw(abi::asid_control, MessageInfo::make(label, length, 2), words, caps));
    for (Word count = 0; count < 2; count++)
        expect_error(
            "too few capabilities", Error::truncated_message,
            invoke_raw(abi::asid_control, MessageInfo::make(label, 2, count), words, caps));
}

TEST("asid: a pool is made of an untyped of its size, which is looked at first") {
    const CPtr untypeds[] = {empty_slot(), own_cnode, make(ObjectType::page),
                             make(ObjectType::untyped, pool_bits - 1),
                             make(ObjectType::untyped, pool_bits + 1)};
    for (const CPtr untyped : untypeds)
        expect_error("untyped", Error::invalid_capability,
                     make_pool(untyped, empty_slot(), no_depth, 0), {1});
}

TEST("asid: a pool's untyped has no children, which is looked at before the slot") {
    const CPtr untyped = memory_for_pool();
    expect_success("a child", untyped_retype(untyped, ObjectType::notification, 0, empty_slot()));
    expect_error("make", Error::revoke_first, make_pool(untyped, empty_slot(), no_depth, 0));
    expect_success("revoke", cap_revoke(untyped));
    expect_success("without", make_pool(untyped, empty_slot()));
}

TEST("asid: a pool goes into an empty slot that is found") {
    const CPtr untyped = memory_for_pool();
    const CPtr slot = empty_slot();
    expect_error("no CNode", Error::failed_lookup, make_pool(untyped, slot, full_depth, untyped),
                 {of_destination, invalid_root});
    for (const Word depth : {Word{0}, no_depth})
        expect_error("depth", Error::range_error, make_pool(untyped, slot, depth), {1, 64});
    expect_error("too short", Error::failed_lookup, make_pool(untyped, slot, 1), {of_destination});
    expect_error("taken", Error::delete_first, make_pool(untyped, untyped));
    expect_success("right", make_pool(untyped, slot));
    expect_error("the untyped is used up", Error::revoke_first, make_pool(untyped, empty_slot()));
}

TEST("asid: when all pools are made, that is told before the untyped is looked at") {
    constexpr Word most = 1 << abi::asid_pools_bits;
    const CPtr memory = make(ObjectType::untyped, 12 + 7);
    const CPtr untypeds = empty_slot(most);
    const CPtr pools = empty_slot(most);
    expect_success("memory",
                   untyped_retype(memory, ObjectType::untyped, pool_bits, untypeds, most));
    // One pool is the root task's.
    for (Word i = 0; i + 1 < most; i++)
        if (!expect_success("a pool", make_pool(untypeds + i, pools + i)))
            return;
    expect_error("one too many", Error::delete_first,
                 make_pool(untypeds + most - 1, pools + most - 1));
    expect_error("of nothing", Error::delete_first, make_pool(empty_slot(), pools));
    expect_success("delete one", cap_delete(pools + 5));
    expect_success("now there is room", make_pool(untypeds + most - 1, pools + most - 1));
}

TEST("asid: assigning without a capability is truncated") {
    const Word label = static_cast<Word>(abi::Label::asid_pool_assign);
    expect_error("assign", Error::truncated_message,
                 invoke_raw(abi::root_asid_pool, MessageInfo::make(label, 0, 0)));
}

TEST("asid: only a page table that is not mapped becomes a root") {
    const CPtr root = new_space();
    const CPtr wrong[] = {empty_slot(), own_cnode,     make(ObjectType::page),
                          root,         copy_of(root), table_at(fresh_gigabyte())};
    for (const CPtr table : wrong)
        expect_error("assign", Error::invalid_capability, assign(abi::root_asid_pool, table), {1});
}

TEST("asid: a pool has 512, and one that is freed can be used again") {
    constexpr Word most = 1 << abi::asid_pool_index_bits;
    const CPtr pool = new_pool();
    const CPtr roots = tables(most);
    for (Word i = 0; i < most; i++)
        if (!expect_success("assign", assign(pool, roots + i)))
            return;
    const CPtr one_more = make(ObjectType::page_table);
    expect_error("full", Error::delete_first, assign(pool, one_more));
    expect_error("what the table is comes before", Error::invalid_capability, assign(pool, roots),
                 {1});
    expect_success("delete a root", cap_delete(roots + 77));
    expect_success("room", assign(pool, one_more));
    expect_error("full again", Error::delete_first, assign(pool, make(ObjectType::page_table)));
}

TEST("asid: a deleted pool makes its spaces none, which stay roots") {
    const CPtr pool = new_pool();
    const CPtr root = new_space(pool);
    const Word vaddr = 0x10'0000;
    tables_at(vaddr, root);
    const CPtr frame = make(ObjectType::page);
    expect_success("map", map_page(frame, vaddr, root));
    expect_success("delete", cap_delete(pool));
    expect_error("no pages", Error::failed_lookup,
                 map_page(make(ObjectType::page), vaddr + page, root),
                 {of_destination, invalid_root});
    expect_success("unmapping does nothing", page_unmap(frame));
    expect_error("assigned it stays", Error::invalid_capability, assign(abi::root_asid_pool, root),
                 {1});
    expect_success("it can be deleted", cap_delete(root));
}

TEST("asid: a copy of a pool keeps it") {
    const CPtr pool = new_pool();
    const CPtr copied = copy_of(pool);
    const CPtr root = new_space(pool);
    expect_success("delete one", cap_delete(pool));
    tables_at(0x10'0000, root);
    expect_success("delete the last", cap_delete(copied));
    expect_error("now it is gone", Error::failed_lookup,
                 map_table(make(ObjectType::page_table), gigabyte, root));
}

TEST("asid: spaces are apart, whatever is mapped in them") {
    const CPtr first = new_space();
    const CPtr second = new_space();
    const Word vaddr = 0x10'0000;
    tables_at(vaddr, first);
    expect_success("in one", map_page(make(ObjectType::page), vaddr, first));
    expect_error("not in the other", Error::failed_lookup,
                 map_page(make(ObjectType::page), vaddr, second),
                 {of_destination, missing_capability, missing_level_1});
}

TEST("asid: an old mapping does not reach into a space that has its ASID now") {
    const CPtr pool = new_pool();
    const Word vaddr = 0x10'0000;
    const CPtr first = new_space(pool);
    const CPtr old = make(ObjectType::page);
    tables_at(vaddr, first);
    expect_success("map", map_page(old, vaddr, first));
    expect_success("delete", cap_delete(first));
    const CPtr second = new_space(pool);
    const CPtr frame = make(ObjectType::page);
    tables_at(vaddr, second);
    expect_success("map", map_page(frame, vaddr, second));
    expect_success("unmap the old one", page_unmap(old));
    expect_error("the new one is there", Error::delete_first,
                 map_page(make(ObjectType::page), vaddr, second));
    expect_success("delete the old one", cap_delete(old));
    expect_error("still", Error::delete_first, map_page(make(ObjectType::page), vaddr, second));
}

TEST("asid: other labels are illegal operations") {
    const CPtr pool = new_pool();
    for (const abi::Label label : {abi::Label::page_map, abi::Label::asid_control_make_pool})
        expect_error("pool", Error::illegal_operation,
                     invoke_raw(pool, MessageInfo::make(static_cast<Word>(label), 8)));
    for (const abi::Label label : {abi::Label::page_map, abi::Label::asid_pool_assign})
        expect_error("control", Error::illegal_operation,
                     invoke_raw(abi::asid_control, MessageInfo::make(static_cast<Word>(label), 8)));
}
