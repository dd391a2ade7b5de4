// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Page-table entries, and the walk over tables made by hand.
/// Read next: kernel/vm/page_table.hpp.
/// @stage{2}
#include "kernel/tests/host/world.hpp"
#include "kernel/vm/page_table.hpp"

#include <doctest/doctest.h>

namespace {

/// A root with a chain of tables to address `address`, and its entries by level.
struct Tables {
    World world;
    PAddr addresses[3] = {host::memory(12), host::memory(12), host::memory(12)};

    PageTable& at(unsigned level) { return *window<PageTable>(addresses[level]); }
    void link(VAddr address, unsigned level) {
        at(level).entry(address, level) = Pte::table(addresses[level - 1]);
    }
};

constexpr VAddr address(Word{0x12} << 30 | Word{0x34} << 21 | Word{0x56} << 12 | 0x789);

} // namespace

TEST_SUITE("walk") {
    TEST_CASE("entries as hardware reads them") {
        const Pte leaf = Pte::leaf(PAddr(0x8765'4000), Pte::user | Pte::readable);
        CHECK(leaf.word == (Word{0x87654} << 10 | 0xd3));
        CHECK(leaf.is_leaf());
        CHECK_FALSE(leaf.is_table());
        CHECK(leaf.address() == PAddr(0x8765'4000));
        const Pte table = Pte::table(PAddr(0x8765'4000));
        CHECK(table.word == (Word{0x87654} << 10 | 1));
        CHECK(table.is_table());
        CHECK_FALSE(table.is_leaf());
        CHECK_FALSE(Pte{}.is_valid());
        CHECK_FALSE(Pte{}.is_table());
        CHECK(Pte::leaf(PAddr(0x1000), Pte::executable).is_leaf());
        const PAddr greatest(mask(44) << 12);
        CHECK(Pte::table(greatest).address() == greatest);
    }

    TEST_CASE("the index of an address at each level") {
        Tables tables;
        CHECK(&tables.at(0).entry(address, 2) == &tables.at(0)[0x12]);
        CHECK(&tables.at(0).entry(address, 1) == &tables.at(0)[0x34]);
        CHECK(&tables.at(0).entry(address, 0) == &tables.at(0)[0x56]);
        CHECK(&tables.at(0).entry(VAddr(mask(39)), 2) == &tables.at(0)[511]);
    }

    TEST_CASE("ends at the deepest table that there is") {
        Tables tables;
        Walk found = walk(tables.at(2), address);
        CHECK(found.level == 2);
        CHECK(&found.entry == &tables.at(2)[0x12]);
        tables.link(address, 2);
        CHECK(walk(tables.at(2), address).level == 1);
        CHECK(&walk(tables.at(2), address).entry == &tables.at(1)[0x34]);
        tables.link(address, 1);
        CHECK(walk(tables.at(2), address).level == 0);
        CHECK(&walk(tables.at(2), address).entry == &tables.at(0)[0x56]);
        CHECK(walk(tables.at(2), VAddr(0)).level == 2);
    }

    TEST_CASE("ends at a leaf of any level") {
        Tables tables;
        const Pte leaf = Pte::leaf(PAddr(0), Pte::readable);
        tables.at(2).entry(address, 2) = leaf;
        CHECK(walk(tables.at(2), address).level == 2);
        tables.link(address, 2);
        tables.at(1).entry(address, 1) = leaf;
        CHECK(walk(tables.at(2), address).level == 1);
        CHECK(walk(tables.at(2), address).entry.is_leaf());
    }

    TEST_CASE("does not leave the last level, even if an entry there looks like a table") {
        Tables tables;
        tables.link(address, 2);
        tables.link(address, 1);
        tables.at(0).entry(address, 0) = Pte::table(PAddr(0x3000'0000));
        CHECK(walk(tables.at(2), address).level == 0);
        CHECK(&walk(tables.at(2), address).entry == &tables.at(0)[0x56]);
    }
}
