// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// PageTable_Map and PageTable_Unmap: every error in order, and what they do.
/// @stage{1}
#include "user/tests/vspace.hpp"

namespace {

constexpr Word too_high = abi::user_top;

} // namespace

TEST("page table: mapping one with a short message is truncated") {
    const CPtr table = make(ObjectType::page_table);
    const Word label = static_cast<Word>(abi::Label::page_table_map);
    const std::array words{too_high, Word{0}};
    for (Word length = 0; length < 2; length++)
        expect_error(
            "too few words", Error::truncated_message,
            invoke_raw(table, MessageInfo::make(label, length, 1), words, std::array{own_cnode}));
    expect_error("no capability", Error::truncated_message,
                 invoke_raw(table, MessageInfo::make(label, 2, 0), words));
    const CPtr mapped = table_at(fresh_gigabyte());
    expect_error("also if it is mapped", Error::truncated_message,
                 invoke_raw(mapped, MessageInfo::make(label, 1, 0), words));
}

TEST("page table: one that is mapped is capability 0, before the root is looked at") {
    const CPtr table = table_at(fresh_gigabyte());
    expect_error("again", Error::invalid_capability, map_table(table, too_high, own_cnode), {0});
    expect_error("a root", Error::invalid_capability, map_table(new_space(), too_high, 0), {0});
    expect_error("a copy", Error::invalid_capability, map_table(copy_of(table), 0), {0});
}

TEST("page table: what is no address space is capability 1, before the address") {
    const CPtr table = make(ObjectType::page_table);
    for (const CPtr root :
         {empty_slot(), own_cnode, make(ObjectType::page), make(ObjectType::page_table), table})
        expect_error("root", Error::invalid_capability, map_table(table, too_high, root), {1});
}

TEST("page table: an address beyond the last is argument 0, before the space is looked up") {
    const CPtr table = make(ObjectType::page_table);
    const CPtr inner = table_at(fresh_gigabyte());
    for (const Word vaddr : {too_high, too_high + page, Word{1} << 38, ~Word{0}}) {
        expect_error("address", Error::invalid_argument, map_table(table, vaddr), {0});
        expect_error("in what is no root", Error::invalid_argument, map_table(table, vaddr, inner),
                     {0});
    }
    expect_success("the last address", map_table(table, too_high - 1));
}

TEST("page table: a table that is mapped, but no root, is capability 1") {
    const Word vaddr = fresh_gigabyte();
    const CPtr inner = table_at(vaddr);
    expect_error("map", Error::invalid_capability,
                 map_table(make(ObjectType::page_table), vaddr, inner), {1});
}

TEST("page table: a space whose ASID pool is gone cannot be found") {
    const CPtr pool = new_pool();
    const CPtr root = new_space(pool);
    expect_success("delete the pool", cap_delete(pool));
    expect_error("map", Error::failed_lookup,
                 map_table(make(ObjectType::page_table), fresh_gigabyte(), root),
                 {of_destination, invalid_root});
}

TEST("page table: there are two levels below the root") {
    const Word vaddr = fresh_gigabyte();
    tables_at(vaddr);
    const CPtr third = make(ObjectType::page_table);
    expect_error("a third", Error::delete_first, map_table(third, vaddr));
    expect_success("elsewhere in the gigabyte", map_table(third, vaddr + megabytes_2));
}

TEST("page table: none goes where a page is") {
    const Word vaddr = fresh_gigabyte();
    table_at(vaddr);
    expect_success("2 MiB", map_page(make(ObjectType::mega_page), vaddr));
    const CPtr table = make(ObjectType::page_table);
    expect_error("map", Error::delete_first, map_table(table, vaddr));
    expect_error("in the middle", Error::delete_first, map_table(table, vaddr + megabytes_2 - 1));
    expect_success("beside it", map_table(table, vaddr + megabytes_2));
}

TEST("page table: any address within what it covers will do") {
    const Word vaddr = fresh_gigabyte();
    table_at(vaddr + gigabyte - 1);
    table_at(vaddr + megabytes_2 + 12345);
    expect_success("a page", map_page(make(ObjectType::page), vaddr + megabytes_2));
    expect_error("and not elsewhere", Error::failed_lookup, map_page(make(ObjectType::page), vaddr),
                 {of_destination, missing_capability, missing_level_0});
}

TEST("page table: with several capabilities to it it is not unmapped") {
    const CPtr table = table_at(fresh_gigabyte());
    const CPtr copied = copy_of(table);
    expect_error("the first", Error::revoke_first, invoke(table, abi::PageTableUnmap{}));
    expect_error("the copy", Error::revoke_first, invoke(copied, abi::PageTableUnmap{}));
    expect_success("revoke", cap_revoke(table));
    expect_success("the only one", invoke(table, abi::PageTableUnmap{}));
}

TEST("page table: a root is not unmapped") {
    expect_error("unmap", Error::revoke_first, invoke(new_space(), abi::PageTableUnmap{}));
}

TEST("page table: unmapping one that is not mapped does nothing") {
    const CPtr table = make(ObjectType::page_table);
    expect_success("unmap", invoke(table, abi::PageTableUnmap{}));
    expect_success("it can be mapped", map_table(table, fresh_gigabyte()));
    expect_success("unmap", invoke(table, abi::PageTableUnmap{}));
    expect_success("twice", invoke(table, abi::PageTableUnmap{}));
}

TEST("page table: unmapped it can be mapped elsewhere, or be a root") {
    const Word vaddr = fresh_gigabyte();
    const CPtr table = table_at(vaddr);
    expect_success("unmap", invoke(table, abi::PageTableUnmap{}));
    expect_success("a new one takes its place", map_table(make(ObjectType::page_table), vaddr));
    expect_success("elsewhere", map_table(table, fresh_gigabyte()));
    expect_success("unmap", invoke(table, abi::PageTableUnmap{}));
    expect_success("a root", assign(abi::root_asid_pool, table));
}

TEST("page table: unmapping it makes it empty") {
    const Word first = fresh_gigabyte();
    const Word second = fresh_gigabyte();
    table_at(first);
    table_at(second);
    const CPtr table = table_at(first);
    const CPtr frame = make(ObjectType::page);
    expect_success("a page", map_page(frame, first + page));
    expect_success("unmap", invoke(table, abi::PageTableUnmap{}));
    expect_success("map elsewhere", map_table(table, second));
    expect_success("the place of the page is free",
                   map_page(make(ObjectType::page), second + page));
}

TEST("page table: deleting it frees its place") {
    const Word vaddr = fresh_gigabyte();
    tables_at(vaddr);
    const CPtr frame = make(ObjectType::page);
    expect_success("a page", map_page(frame, vaddr));
    const CPtr upper = make(ObjectType::page_table);
    expect_error("taken", Error::delete_first, map_table(upper, vaddr));
    const Word other = fresh_gigabyte();
    const CPtr table = table_at(other);
    expect_success("delete", cap_delete(table));
    expect_success("free", map_table(upper, other));
}

TEST("page table: other labels are illegal operations") {
    const CPtr table = make(ObjectType::page_table);
    for (const abi::Label label : {abi::Label::page_map, abi::Label::page_unmap,
                                   abi::Label::asid_pool_assign, abi::Label::untyped_retype})
        expect_error("label", Error::illegal_operation,
                     invoke_raw(table, MessageInfo::make(static_cast<Word>(label), 8)));
}
