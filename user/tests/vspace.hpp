// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What the tests of address spaces share: addresses without page tables, and new address spaces.
/// They need no thread but the test's own.
/// Read next: user/lib/vspace.hpp.
/// @stage{1}
#pragma once

#include "user/tests/cnode.hpp"

constexpr Word gigabyte = Word{1} << abi::giga_page_bits;
constexpr Word megabytes_2 = Word{1} << abi::mega_page_bits;
constexpr Word page = Word{1} << abi::page_bits;

/// What a missing page table would cover.
constexpr Word missing_level_1 = 30;
constexpr Word missing_level_0 = 21;

/// The start of a gigabyte of the test's own address space that has no page table.
inline Word fresh_gigabyte() { return vspace.reserve(gigabyte, gigabyte); }

inline Result map_table(CPtr table, Word vaddr, CPtr root = abi::root_vspace) {
    return page_table_map(table, root, vaddr);
}

inline Result map_page(CPtr frame, Word vaddr, CPtr root = abi::root_vspace,
                       Word rights = user::read_write, Word attributes = 0) {
    return page_map(frame, root, vaddr, rights, attributes);
}

/// A new page table, mapped at the next level for an address.
inline CPtr table_at(Word vaddr, CPtr root = abi::root_vspace,
                     const Place& place = Place::current()) {
    const CPtr table = make(ObjectType::page_table, 0, place);
    expect_success("a page table is mapped", map_table(table, vaddr, root), place);
    return table;
}

/// Both tables that a page needs at an address.
inline void tables_at(Word vaddr, CPtr root = abi::root_vspace,
                      const Place& place = Place::current()) {
    table_at(vaddr, root, place);
    table_at(vaddr, root, place);
}

inline Result assign(CPtr pool, CPtr table) { return invoke(pool, abi::AsidPoolAssign{}, table); }

/// A new, empty address space.
inline CPtr new_space(CPtr pool = abi::root_asid_pool, const Place& place = Place::current()) {
    const CPtr root = make(ObjectType::page_table, 0, place);
    expect_success("an address space", assign(pool, root), place);
    return root;
}

/// A new ASID pool.
inline CPtr new_pool(const Place& place = Place::current()) {
    const CPtr memory = make(ObjectType::untyped, abi::asid_pool_bits, place);
    const CPtr slot = empty_slot();
    expect_success(
        "an ASID pool",
        invoke(abi::asid_control, abi::AsidControlMakePool{slot, full_depth}, memory, own_cnode),
        place);
    return slot;
}

/// A copy of a capability.
inline CPtr copy_of(CPtr cap, Word rights = abi::all_rights,
                    const Place& place = Place::current()) {
    const CPtr slot = empty_slot();
    expect_success("a copy", cap_copy(cap, slot, rights), place);
    return slot;
}

/// The word at an address.
inline volatile Word& word_at(Word vaddr) { return *reinterpret_cast<volatile Word*>(vaddr); }
