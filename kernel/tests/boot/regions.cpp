// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Sets of ranges, against a plain model: one bit for each of 64 addresses.
/// @stage{2}
#include "kernel/boot/regions.hpp"

#include "kernel/tests/panic.hpp"

#include <doctest/doctest.h>

#include <random>
#include <vector>

namespace {

Range range(Word start, Word end) { return {PAddr(start), PAddr(end)}; }

std::vector<Range> all(const Regions& regions) { return {regions.begin(), regions.end()}; }

/// One bit for each of the addresses 0 to 63 that are in the set.
Word bits(const Regions& regions) {
    Word set = 0;
    for (const Range& one : regions)
        for (Word address = one.start.value; address < one.end.value; address++)
            set |= Word{1} << address;
    return set;
}

Word bits(Range range) { return mask(static_cast<unsigned>(range.size())) << range.start.value; }

void check_invariant(const Regions& regions) {
    const Range* before = nullptr;
    for (const Range& one : regions) {
        CHECK_FALSE(one.empty());
        if (before != nullptr)
            CHECK(before->end < one.start);
        before = &one;
    }
}

} // namespace

TEST_SUITE("regions") {
    TEST_CASE("ranges that touch or overlap become one") {
        Regions regions;
        regions.add(range(30, 40));
        regions.add(range(10, 20));
        CHECK(all(regions) == std::vector{range(10, 20), range(30, 40)});
        regions.add(range(20, 30));
        CHECK(all(regions) == std::vector{range(10, 40)});
        regions.add(range(15, 16));
        CHECK(all(regions) == std::vector{range(10, 40)});
    }

    TEST_CASE("an empty range changes nothing") {
        Regions regions;
        regions.add(range(10, 20));
        regions.add(range(5, 5));
        regions.add(range(40, 30));
        regions.remove(range(15, 15));
        CHECK(all(regions) == std::vector{range(10, 20)});
    }

    TEST_CASE("removal cuts ranges, and takes several") {
        Regions regions;
        regions.add(range(10, 40));
        regions.remove(range(20, 30));
        CHECK(all(regions) == std::vector{range(10, 20), range(30, 40)});
        regions.remove(range(15, 35));
        CHECK(all(regions) == std::vector{range(10, 15), range(35, 40)});
        regions.remove(range(0, 100));
        CHECK(all(regions).empty());
    }

    TEST_CASE("any row of changes gives the set that it should") {
        std::mt19937 random(1);
        for (int run = 0; run < 200; run++) {
            Regions regions;
            Word model = 0;
            for (int step = 0; step < 30; step++) {
                const Word start = random() % 60;
                const Range change = range(start, start + random() % 5);
                if (random() % 2 == 0) {
                    regions.add(change);
                    model |= bits(change);
                } else {
                    regions.remove(change);
                    model &= ~bits(change);
                }
                REQUIRE(bits(regions) == model);
                check_invariant(regions);
            }
        }
    }

    TEST_CASE("take gives the end of the smallest range in which it fits, aligned") {
        Regions regions;
        regions.add(range(0x1000, 0x9100));
        regions.add(range(0x10000, 0x11800));
        CHECK(regions.take(0x1000, 12) == PAddr(0x10000));
        CHECK(regions.take(0x1000, 12) == PAddr(0x8000));
        CHECK(regions.take(0x2000, 13) == PAddr(0x6000));
        CHECK(all(regions) ==
              std::vector{range(0x1000, 0x6000), range(0x9000, 0x9100), range(0x11000, 0x11800)});
    }

    TEST_CASE("take gives nothing if nothing fits") {
        Regions regions;
        CHECK_FALSE(regions.take(1, 0));
        regions.add(range(0x1000, 0x3000));
        CHECK_FALSE(regions.take(0x2001, 0));
        CHECK_FALSE(regions.take(0x1000, 14));
        CHECK(regions.take(0x2000, 12) == PAddr(0x1000));
        CHECK(regions.size() == 0);
    }

    TEST_CASE("more ranges than there is room for are a panic") {
        Regions regions;
        for (Word i = 0; i < Regions::capacity; i++)
            regions.add(range(16 * i, 16 * i + 8));
        CHECK_THROWS_AS(regions.add(range(0x10000, 0x10008)), Panic);
    }

    TEST_CASE("contains: the whole range, in one piece") {
        Regions regions;
        regions.add(range(10, 20));
        regions.add(range(30, 40));
        CHECK(regions.contains(range(10, 20)));
        CHECK(regions.contains(range(32, 33)));
        CHECK_FALSE(regions.contains(range(15, 35)));
        CHECK_FALSE(regions.contains(range(9, 12)));
    }

    TEST_CASE("untypeds are aligned to their size and as large as possible") {
        CHECK(first_untyped_bits(range(0, Word{1} << 39)) == 38);
        CHECK(first_untyped_bits(range(0x8020'0000, 0x9000'0000)) == 21);
        CHECK(first_untyped_bits(range(0x8000'0000, 0xa000'0000)) == 29);
        CHECK(first_untyped_bits(range(0x8000'0000, 0x8000'1fff)) == 12);
        CHECK(first_untyped_bits(range(0x10, 0x20)) == 4);
        CHECK(first_untyped_bits(range(0x10, 0x1f)) == 0);
        CHECK(first_untyped_bits(range(0x18, 0x100)) == 0);
        CHECK(first_untyped_bits(range(5, 5)) == 0);
    }
}
