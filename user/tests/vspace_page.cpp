// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Page_Map, Page_Unmap and Page_GetAddress, for all sizes: every error in order, and what is left
/// when the page, or what it is mapped in, goes.
/// @stage{1}
#include "user/tests/vspace.hpp"

#include "user/lib/boot_info.hpp"
#include "user/lib/program.hpp"

namespace {

constexpr Word too_high = abi::user_top;

/// An untyped of a gigabyte of devices; 0 if there is none. It belongs to the root task.
CPtr gigabyte_of_devices() {
    const abi::BootInfo& info = user::boot_info();
    for (Word i = 0; i < info.untyped.end - info.untyped.start; i++) {
        const abi::UntypedDescription& untyped = info.untypeds[i];
        if (untyped.is_device != 0 && untyped.size_bits >= abi::giga_page_bits)
            return user::allocator.device_untyped(untyped.paddr, abi::giga_page_bits);
    }
    return 0;
}

} // namespace

TEST("page: mapping with a short message is truncated") {
    const CPtr frame = make(ObjectType::page);
    const Word label = static_cast<Word>(abi::Label::page_map);
    const std::array words{too_high, Word{0}, Word{0}};
    for (Word length = 0; length < 3; length++)
        expect_error(
            "too few words", Error::truncated_message,
            invoke_raw(frame, MessageInfo::make(label, length, 1), words, std::array{own_cnode}));
    expect_error("no capability", Error::truncated_message,
                 invoke_raw(frame, MessageInfo::make(label, 3, 0), words));
}

TEST("page: what is no address space is capability 1, before the address") {
    const CPtr frame = make(ObjectType::page);
    for (const CPtr root : {empty_slot(), own_cnode, frame, make(ObjectType::page_table)})
        expect_error("root", Error::invalid_capability, map_page(frame, too_high + 1, root), {1});
    const CPtr inner = table_at(fresh_gigabyte());
    expect_error("a table, but no root", Error::invalid_capability,
                 map_page(frame, too_high + 1, inner), {1});
}

TEST("page: a space whose ASID pool is gone cannot be found, before the address") {
    const CPtr pool = new_pool();
    const CPtr root = new_space(pool);
    expect_success("delete the pool", cap_delete(pool));
    expect_error("map", Error::failed_lookup, map_page(make(ObjectType::page), 0x1000, root),
                 {of_destination, invalid_root});
    expect_error("at a wrong address", Error::failed_lookup,
                 map_page(make(ObjectType::page), too_high, root), {of_destination, invalid_root});
}

TEST("page: beyond the last address is argument 0, before alignment") {
    const CPtr small = make(ObjectType::page);
    const CPtr large = make(ObjectType::mega_page);
    for (const Word vaddr : {too_high, too_high + 1, too_high - 1, ~Word{0} - page + 1})
        expect_error("4 KiB", Error::invalid_argument, map_page(small, vaddr), {0});
    const Word last = too_high - megabytes_2;
    for (const Word vaddr : {last + 1, last + page, too_high - 1, Word{1} << 38})
        expect_error("2 MiB", Error::invalid_argument, map_page(large, vaddr), {0});
}

TEST("page: it is aligned to its size, before page tables are looked for") {
    const Word vaddr = fresh_gigabyte();
    for (const Word wrong : {Word{1}, Word{8}, page / 2, page - 1})
        expect_error("4 KiB", Error::alignment_error,
                     map_page(make(ObjectType::page), vaddr + wrong));
    const CPtr large = make(ObjectType::mega_page);
    for (const Word wrong : {Word{1}, page, megabytes_2 / 2})
        expect_error("2 MiB", Error::alignment_error, map_page(large, vaddr + wrong));
}

TEST("page: a page of 4 KiB tells which page table is missing") {
    const Word vaddr = fresh_gigabyte();
    const CPtr frame = make(ObjectType::page);
    expect_error("both", Error::failed_lookup, map_page(frame, vaddr),
                 {of_destination, missing_capability, missing_level_1});
    table_at(vaddr);
    expect_error("one", Error::failed_lookup, map_page(frame, vaddr),
                 {of_destination, missing_capability, missing_level_0});
    table_at(vaddr);
    expect_success("none", map_page(frame, vaddr));
}

TEST("page: a page of 2 MiB needs one level of page tables, and no more") {
    const Word vaddr = fresh_gigabyte();
    const CPtr frame = make(ObjectType::mega_page);
    expect_error("none", Error::failed_lookup, map_page(frame, vaddr),
                 {of_destination, missing_capability, missing_level_1});
    tables_at(vaddr);
    expect_error("two", Error::failed_lookup, map_page(frame, vaddr),
                 {of_destination, missing_capability, abi::page_bits});
    expect_success("one", map_page(frame, vaddr + megabytes_2));
    expect_error("a page of 4 KiB inside", Error::failed_lookup,
                 map_page(make(ObjectType::page), vaddr + megabytes_2 + page),
                 {of_destination, missing_capability, missing_level_0});
    word_at(vaddr + megabytes_2) = 1;
    word_at(vaddr + 2 * megabytes_2 - 8) = 2;
    expect_equal("its first word", 1, word_at(vaddr + megabytes_2));
}

TEST("page: a page of 1 GiB needs no page table, and no page table may be there") {
    const CPtr untyped = gigabyte_of_devices();
    const CPtr frame = empty_slot();
    if (untyped == 0)
        return skip("there is no gigabyte of devices");
    const Word vaddr = fresh_gigabyte();
    expect_success("retype", untyped_retype(untyped, ObjectType::giga_page, 0, frame));
    expect_error("not aligned", Error::alignment_error, map_page(frame, vaddr + megabytes_2));
    expect_error("too high", Error::invalid_argument, map_page(frame, 0x3f'c000'0000), {0});
    const CPtr table = table_at(vaddr);
    expect_error("a table is there", Error::failed_lookup, map_page(frame, vaddr),
                 {of_destination, missing_capability, missing_level_0});
    expect_success("delete it", cap_delete(table));
    expect_success("map", map_page(frame, vaddr));
    expect_error("a table inside", Error::delete_first,
                 map_table(make(ObjectType::page_table), vaddr + megabytes_2));
    expect_error("a page inside", Error::failed_lookup,
                 map_page(make(ObjectType::page), vaddr + page),
                 {of_destination, missing_capability, missing_level_1});
    expect_success("unmap", page_unmap(frame));
    user::allocator.destroy(untyped);
}

TEST("page: mapped in one space it is capability 1 in others") {
    const Word vaddr = fresh_gigabyte();
    const CPtr other = new_space();
    const CPtr frame = make(ObjectType::page);
    tables_at(vaddr);
    expect_success("map", map_page(frame, vaddr));
    expect_error("page tables are looked for before", Error::failed_lookup,
                 map_page(frame, vaddr, other),
                 {of_destination, missing_capability, missing_level_1});
    tables_at(vaddr, other);
    expect_error("other space", Error::invalid_capability, map_page(frame, vaddr, other), {1});
    expect_success("a copy can", map_page(copy_of(frame), vaddr, other));
}

TEST("page: mapped at one address it is argument 0 at others") {
    const Word vaddr = fresh_gigabyte();
    const CPtr frame = make(ObjectType::page);
    tables_at(vaddr);
    expect_success("map", map_page(frame, vaddr));
    expect_success("another", map_page(make(ObjectType::page), vaddr + page));
    for (const Word other : {vaddr + page, vaddr + 2 * page})
        expect_error("other address", Error::invalid_argument, map_page(frame, other), {0});
    expect_success("the same address", map_page(frame, vaddr));
    expect_success("unmap", page_unmap(frame));
    expect_success("then another", map_page(frame, vaddr + 2 * page));
}

TEST("page: where another is it goes only when that is unmapped") {
    const Word vaddr = fresh_gigabyte();
    const CPtr first = make(ObjectType::page);
    const CPtr second = make(ObjectType::page);
    tables_at(vaddr);
    expect_success("map", map_page(first, vaddr));
    expect_error("taken", Error::delete_first, map_page(second, vaddr));
    expect_error("taken by a copy", Error::delete_first, map_page(copy_of(first), vaddr));
    expect_success("unmap", page_unmap(first));
    expect_success("free", map_page(second, vaddr));
}

TEST("page: copies are mapped independently, and show the same memory") {
    const Word vaddr = fresh_gigabyte();
    const CPtr frame = make(ObjectType::page);
    tables_at(vaddr);
    expect_success("map", map_page(frame, vaddr));
    const CPtr copied = copy_of(frame);
    expect_success("a copy of one that is mapped", map_page(copied, vaddr + page));
    word_at(vaddr) = 0x5151;
    expect_equal("the same", 0x5151, word_at(vaddr + page));
    expect_success("unmap one", page_unmap(frame));
    word_at(vaddr + page + 8) = 7;
    expect_success("map again", map_page(frame, vaddr + 2 * page));
    expect_equal("still the same", 7, word_at(vaddr + 2 * page + 8));
}

TEST("page: deleting a capability unmaps its own mapping only") {
    const Word vaddr = fresh_gigabyte();
    const CPtr frame = make(ObjectType::page);
    const CPtr copied = copy_of(frame);
    tables_at(vaddr);
    expect_success("map", map_page(frame, vaddr));
    expect_success("map the copy", map_page(copied, vaddr + page));
    word_at(vaddr + page) = 3;
    expect_success("delete", cap_delete(frame));
    expect_equal("the copy's is there", 3, word_at(vaddr + page));
    expect_success("the place is free", map_page(make(ObjectType::page), vaddr));
    expect_equal("with other memory", 0, word_at(vaddr));
}

TEST("page: unmapping one that is not mapped succeeds") {
    const CPtr frame = make(ObjectType::page);
    expect_success("never mapped", page_unmap(frame));
    expect_success("map", vspace.map(frame, vspace.reserve(page)));
    expect_success("unmap", page_unmap(frame));
    expect_success("twice", page_unmap(frame));
}

TEST("page: unmapping one whose place another took does not unmap that") {
    const Word vaddr = fresh_gigabyte();
    tables_at(vaddr);
    table_at(vaddr + megabytes_2);
    const CPtr table = table_at(vaddr + 2 * megabytes_2);
    const CPtr first = make(ObjectType::page);
    const CPtr second = make(ObjectType::page);
    expect_success("map", map_page(first, vaddr + 2 * megabytes_2));
    expect_success("its table goes", cap_delete(table));
    table_at(vaddr + 2 * megabytes_2);
    expect_success("another page", map_page(second, vaddr + 2 * megabytes_2));
    word_at(vaddr + 2 * megabytes_2) = 9;
    expect_success("unmap the first", page_unmap(first));
    expect_equal("the second is there", 9, word_at(vaddr + 2 * megabytes_2));
}

TEST("page: its address is the same for copies and lies where its untyped is") {
    const CPtr untyped = make(ObjectType::untyped, 14);
    const CPtr frames = empty_slot(4);
    expect_success("four pages", untyped_retype(untyped, ObjectType::page, 0, frames, 4));
    const Result first = page_get_address(frames);
    expect_success("address", first);
    expect_equal("one word", 1, first.length);
    for (Word i = 1; i < 4; i++)
        expect_equal("one after the other", first.words[0] + i * page, identity(frames + i));
    expect_equal("a copy", first.words[0], identity(copy_of(frames)));
    expect_equal("a large page's is aligned", 0,
                 identity(make(ObjectType::mega_page)) % megabytes_2);
}

TEST("page: other labels are illegal operations") {
    const CPtr frame = make(ObjectType::page);
    for (const abi::Label label : {abi::Label::page_table_map, abi::Label::page_table_unmap,
                                   abi::Label::untyped_retype, abi::Label::tcb_suspend})
        expect_error("label", Error::illegal_operation,
                     invoke_raw(frame, MessageInfo::make(static_cast<Word>(label), 8)));
}
