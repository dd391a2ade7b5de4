// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Exercise 1.8: from the root to the deepest table for an address.
/// Read next: kernel/vm/page_table.hpp.
#include "kernel/vm/page_table.hpp"

#include "labs/1-capabilities/tests/host/setting.hpp"

using namespace setting;

namespace {

PAddr new_table() { return host::memory(abi::page_table_bits); }
PageTable& at(PAddr table) { return *window<PageTable>(table); }

/// The index of `address` in a table of this level, worked out here.
unsigned index(Word address, unsigned level) {
    return static_cast<unsigned>(address >> (12 + 9 * level) & 511);
}

/// The walk ended at entry `index` of a table that is at this level.
void expect_end(const std::string& what, PAddr root, Word address, PAddr table, unsigned level) {
    const Walk found = walk(at(root), VAddr(address));
    expect_equal(what + ": level", level, found.level);
    const auto* const first = reinterpret_cast<const char*>(&at(table)[0]);
    const auto* const entry = reinterpret_cast<const char*>(&found.entry);
    expect_equal(what + ": entry of the table at that level",
                 static_cast<std::ptrdiff_t>(index(address, level)),
                 (entry - first) / static_cast<std::ptrdiff_t>(sizeof(Pte)));
}

constexpr Word address = Word{3} << 30 | Word{5} << 21 | Word{7} << 12 | 0xabc;

} // namespace

TEST_CASE("walk-tables: a walk goes as deep as there are tables") {
    host::reset();
    const PAddr root = new_table();
    const PAddr middle = new_table();
    const PAddr last = new_table();
    expect_end("the root is empty", root, address, root, 2);
    at(root)[3] = Pte::table(middle);
    expect_end("the root leads to an empty table", root, address, middle, 1);
    at(middle)[5] = Pte::table(last);
    expect_end("two tables, the last one empty", root, address, last, 0);
    at(last)[7] = Pte::leaf(PAddr(0x5000), Pte::readable);
    expect_end("a page is mapped", root, address, last, 0);
    expect_end("another entry of the root, which is empty", root, address + (Word{1} << 30), root,
               2);
    expect_end("another entry of the second table", root, address + (Word{1} << 21), middle, 1);
}

TEST_CASE("walk-leaf: a walk ends at a leaf, of whatever size, and at what is not valid") {
    host::reset();
    const PAddr root = new_table();
    const PAddr middle = new_table();
    const PAddr page = new_table(); // so that whoever goes on finds entries, which are leaves
    for (unsigned i = 0; i < 512; i++)
        at(page)[i] = Pte::leaf(page, Pte::readable);
    for (const Word rights :
         {Word{Pte::readable}, Word{Pte::executable}, Word{Pte::readable | Pte::writable}}) {
        at(root)[3] = Pte::leaf(page, rights);
        expect_end(text("a leaf of 1 GiB with the bits ", rights), root, address, root, 2);
        at(root)[3] = Pte::table(middle);
        at(middle)[5] = Pte::leaf(page, rights);
        expect_end(text("a leaf of 2 MiB with the bits ", rights), root, address, middle, 1);
    }
    at(root)[3] = {Pte::table(page).word & ~Word{Pte::valid}};
    expect_end("an invalid entry with an address", root, address, root, 2);
}

TEST_CASE("walk-last: below level 0 there is nothing, even if the entry looks like a table's") {
    host::reset();
    const PAddr root = new_table();
    const PAddr middle = new_table();
    const PAddr last = new_table();
    at(root)[3] = Pte::table(middle);
    at(middle)[5] = Pte::table(last);
    at(last)[7] = Pte::table(new_table());
    expect_end("a valid entry without R, W and X at level 0", root, address, last, 0);
}

TEST_CASE("walk-index: at each level the nine bits of the address that belong to it") {
    host::reset();
    Random random;
    const PAddr root = new_table();
    const PAddr middle = new_table();
    const PAddr last = new_table();
    for (unsigned i = 0; i < 50; i++) {
        const Word place = random.bits(39);
        at(root)[index(place, 2)] = Pte::table(middle);
        at(middle)[index(place, 1)] = Pte::table(last);
        expect_end(text("address ", place), root, place, last, 0);
        at(middle)[index(place, 1)] = {};
        expect_end(text("address ", place, " without the last table"), root, place, middle, 1);
        at(root)[index(place, 2)] = {};
        expect_end(text("address ", place, " without tables"), root, place, root, 2);
    }
}
