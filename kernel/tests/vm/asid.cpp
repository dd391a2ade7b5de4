// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// ASID pools: which ASIDs they give, what happens when there are none, and how they end.
/// Read next: kernel/vm/asid.hpp.
/// @stage{2}
#include "kernel/cap/finalise.hpp"
#include "kernel/sched/hart.hpp"
#include "kernel/tests/vm/space.hpp"
#include "kernel/vm/kernel_map.hpp"
#include "kernel/vm/vspace.hpp"

#include <doctest/doctest.h>

namespace {

using abi::Error;

} // namespace

TEST_SUITE("asid") {
    TEST_CASE("an entry keeps root, cached and stale apart") {
        vm::AsidEntry entry = {};
        CHECK_FALSE(entry.used());
        const PAddr root(mask(39) & ~mask(12));
        entry.assign(root);
        for (unsigned hart = 0; hart < 4; hart++) {
            CHECK_FALSE(entry.cached_on(hart));
            entry.set_cached(hart);
            CHECK(entry.cached_on(hart));
            CHECK_FALSE(entry.stale_on(hart));
        }
        for (unsigned hart = 0; hart < 4; hart++) {
            CHECK_FALSE(entry.stale_on(hart));
            entry.set_stale(hart);
            CHECK(entry.stale_on(hart));
            CHECK(entry.root() == root);
        }
        entry.clear_stale(2);
        CHECK_FALSE(entry.stale_on(2));
        CHECK(entry.stale_on(3));
        entry.clear();
        CHECK_FALSE(entry.used());
    }

    TEST_CASE("ASIDs are given in order; 0 is nobody's") {
        Spaces at;
        CHECK(Spaces::asid_of(at.root) == Asid(1));
        CHECK(Spaces::asid_of(at.other) == Asid(2));
        CHECK(asid::entry(Asid(0)) != nullptr);
        CHECK(asid::root(Asid(0)) == nullptr);
        CHECK(asid::root(Asid(1)) == &at.root.cap.as<PageTableCap>().object());
        CHECK(asid::root(Asid(3)) == nullptr);
        CHECK(asid::entry(Asid(512)) == nullptr);
        CHECK(asid::root(Asid(512)) == nullptr);
        CHECK(at.root.cap.as<PageTableCap>().object()[256].word == host::kernel_entry);
        CHECK(at.root.cap.as<PageTableCap>().object()[511].word == host::kernel_entry);
        CHECK(at.root.cap.as<PageTableCap>().object()[255].word == 0);
    }

    TEST_CASE("only a table without a place becomes a root") {
        Spaces at;
        CHECK(error_of(at.assign(at.root)) == Error::invalid_capability);
        Slot& frame = at.frame(PAddr(0x2000'0000));
        CHECK(at.assign(frame).error().first == 1);
        Slot& table = at.table();
        REQUIRE(at.map_table(table, 0, at.root) == Outcome::done);
        CHECK(error_of(at.assign(table)) == Error::invalid_capability);
    }

    TEST_CASE("a pool has 512 ASIDs, and one that was given back is given again") {
        Spaces at;
        const PAddr memory = host::memory(12);
        Slot& table = at.world.empty_slot();
        auto& pool = at.pool.cap.as<AsidPoolCap>().object();
        for (Word i = 3; i < 512; i++) {
            table.cap = PageTableCap(memory);
            REQUIRE(at.assign(table) == Outcome::done);
            CHECK(Spaces::asid_of(table) == Asid(i));
        }
        table.cap = PageTableCap(memory);
        CHECK(error_of(at.assign(table)) == Error::delete_first);
        pool.entries[77].clear();
        CHECK(at.assign(table) == Outcome::done);
        CHECK(Spaces::asid_of(table) == Asid(77));
    }

    TEST_CASE("there are 128 pools; each begins where the last ended") {
        Spaces at;
        Slot& slot = in(at.node, 5);
        std::vector<Cap> caps;
        for (Word i = 1; i < 128; i++) {
            REQUIRE(at.make_pool(5) == Outcome::done);
            CHECK(slot.cap.as<AsidPoolCap>().first() == Asid(i * 512));
            caps.push_back(slot.cap);
            slot = Slot(); // forgotten here, but known to the kernel
        }
        CHECK(error_of(at.make_pool(5)) == Error::delete_first);
        asid::remove_pool(caps[10].as<AsidPoolCap>());
        CHECK(at.make_pool(5) == Outcome::done);
        CHECK(slot.cap.as<AsidPoolCap>().first() == Asid(Word{11} * 512));
        CHECK(asid::entry(Asid(Word{11} * 512 + 3)) != nullptr);
    }

    TEST_CASE("a pool is made of a page of untyped memory without children, which is full then") {
        Spaces at;
        const auto make = [&](Slot& untyped, Word slot) {
            return at.world.invoke(at.control, abi::AsidControlMakePool{slot, 64},
                                   {&untyped, &at.node});
        };
        Slot& untyped = at.world.untyped(12);
        *window<Word>(untyped.cap.address() + 64) = 5;
        CHECK(error_of(make(at.root, 5)) == Error::invalid_capability);
        CHECK(error_of(make(at.world.untyped(13), 5)) == Error::invalid_capability);
        CHECK(error_of(make(at.world.untyped(12, true), 5)) == Error::invalid_capability);
        CHECK(error_of(make(untyped, 0)) == Error::delete_first);
        CHECK(error_of(make(untyped, 16)) == Error::failed_lookup);
        CHECK(untyped.cap.as<UntypedCap>().watermark() == 0);
        CHECK(make(untyped, 5) == Outcome::done);
        CHECK(*window<Word>(untyped.cap.address() + 64) == 0);
        CHECK(untyped.cap.as<UntypedCap>().watermark() == 4096);
        CHECK(error_of(make(untyped, 6)) == Error::revoke_first);
        CHECK(finalise::revoke(untyped) == Outcome::done);
        CHECK(in(at.node, 5).empty());
        CHECK(asid::entry(Asid(512)) == nullptr);
    }

    TEST_CASE("with its pool a space ends, on the hart that uses it too") {
        Spaces at;
        Tcb& tcb = at.world.caller();
        tcb.slot(Tcb::vspace).cap = at.root.cap;
        vspace::switch_to(tcb);
        const vm::Space used{Asid(1), at.root.cap.address()};
        const vm::Space kernel_space{Asid(0), kernel_root()};
        CHECK((harts[0].space == used));
        CHECK((host::hardware.spaces == std::vector{used}));
        vspace::switch_to(tcb);
        CHECK(host::hardware.spaces.size() == 1);
        finalise::remove_simple(at.pool);
        CHECK((harts[0].space == kernel_space));
        CHECK(host::hardware.spaces.size() == 2);
        CHECK(host::hardware.flushes.empty());
        CHECK(host::hardware.full_flushes == 1); // for all of its spaces together
        vspace::switch_to(tcb);
        CHECK((harts[0].space == kernel_space));
        CHECK(error_of(at.map(at.frame(PAddr(0x2000'0000)), 0)) == Error::failed_lookup);
        Slot& pool = at.world.slot(AsidPoolCap(host::memory(12), Asid(0)));
        CHECK(error_of(at.world.invoke(pool, abi::AsidPoolAssign{}, {&at.table()})) ==
              Error::failed_lookup);
    }

    TEST_CASE("a root whose ASID belongs to another by now is no root, and is unmapped as such") {
        Spaces at;
        Slot& old = at.world.slot(at.root.cap);
        finalise::remove_simple(at.root);
        Slot& next = at.table();
        REQUIRE(at.assign(next) == Outcome::done);
        CHECK(Spaces::asid_of(next) == Asid(1));
        const auto mapped = at.map(at.frame(PAddr(0x2000'0000)), 0, old);
        CHECK(error_of(mapped) == Error::invalid_capability);
        finalise::remove_simple(old);
        CHECK(asid::root(Asid(1)) == &next.cap.as<PageTableCap>().object());
    }
}
