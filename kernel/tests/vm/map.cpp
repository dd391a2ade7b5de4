// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Invocations of frames and page tables: what they check, what they write, what they flush.
/// Read next: kernel/vm/vspace.hpp.
/// @stage{2}
#include "kernel/cap/finalise.hpp"
#include "kernel/cap/mdb.hpp"
#include "kernel/tests/vm/space.hpp"
#include "kernel/vm/vspace.hpp"

#include <doctest/doctest.h>

#include <utility>

namespace {

using abi::Error;
using Flushes = std::vector<host::Flush>;

constexpr PAddr memory(0x2000'0000);
constexpr Word base = 0x4000'0000;
constexpr Word mega = 0x20'0000;

/// What was flushed since the last time.
Flushes flushed() { return std::exchange(host::hardware.flushes, {}); }

Flushes page_at(const Spaces& at, Word address) {
    return {{Spaces::asid_of(at.root), VAddr(address), false}};
}

Flushes all_of(const Spaces& at) { return {{Spaces::asid_of(at.root), VAddr(0), true}}; }

void check_missing(const Result<Outcome>& result, Word bits_left) {
    REQUIRE(error_of(result) == Error::failed_lookup);
    CHECK_FALSE(result.error().of_source);
    CHECK(result.error().lookup.type == abi::LookupFailure::missing_capability);
    CHECK(result.error().lookup.bits_left == bits_left);
}

void check_error(const Result<Outcome>& result, Error error, Word first) {
    REQUIRE(error_of(result) == error);
    CHECK(result.error().first == first);
}

} // namespace

TEST_SUITE("map") {
    TEST_CASE("tables, then a frame; each change flushes what it changed and no more") {
        Spaces at;
        Slot& frame = at.frame(memory);
        check_missing(at.map(frame, base), 30);
        CHECK(at.map_table(at.table(), base + 0x1234'5678, at.root) == Outcome::done);
        CHECK(flushed() == all_of(at));
        check_missing(at.map(frame, base), 21);
        CHECK(at.map_table(at.table(), base, at.root) == Outcome::done);
        CHECK(flushed() == all_of(at));
        CHECK(error_of(at.map_table(at.table(), base, at.root)) == Error::delete_first);
        CHECK(flushed().empty());
        CHECK(at.map(frame, base + 0x3000) == Outcome::done);
        CHECK(flushed() == page_at(at, base + 0x3000));
        CHECK(at.walk_to(base + 0x3000).entry.word ==
              Pte::leaf(memory, Pte::user | Pte::readable | Pte::writable | Pte::executable).word);
        CHECK(frame.cap.as<FrameCap>().mapping().vaddr == VAddr(base + 0x3000));
        CHECK(at.unmap(frame) == Outcome::done);
        CHECK(flushed() == page_at(at, base + 0x3000));
        CHECK(at.walk_to(base + 0x3000).entry.word == 0);
        CHECK_FALSE(frame.cap.as<FrameCap>().mapped());
        CHECK(at.unmap(frame) == Outcome::done);
        CHECK(flushed().empty());
    }

    TEST_CASE("rights are those of the capability and of the request") {
        Spaces at;
        at.map_tables(base);
        const auto bits = [&](Word cap_rights, Word rights, Word attributes) {
            Slot& frame = at.frame(memory, 0, cap_rights);
            REQUIRE(at.map(frame, base, at.root, rights, attributes) == Outcome::done);
            const Word word = at.walk_to(base).entry.word & 0xff;
            (void)at.unmap(frame);
            return word;
        };
        constexpr Word user_leaf = Pte::valid | Pte::user | Pte::accessed | Pte::dirty;
        CHECK(bits(3, 3, 0) == (user_leaf | 14));
        CHECK(bits(3, 3, abi::execute_never) == (user_leaf | 6));
        CHECK(bits(3, abi::read, abi::execute_never) == (user_leaf | 2));
        CHECK(bits(abi::read, 3, abi::execute_never) == (user_leaf | 2));
        CHECK(bits(3, abi::read, 0) == (user_leaf | 10));
        for (const auto& [cap_rights, rights] : {std::pair{3U, 1U}, {0U, 3U}, {2U, 1U}}) {
            CHECK(bits(cap_rights, rights, abi::execute_never) == 0);
            CHECK(bits(cap_rights, rights, 0) == (user_leaf | 8));
        }
    }

    TEST_CASE("a mapped frame can be mapped again in its place, with other rights") {
        Spaces at;
        at.map_tables(base);
        Slot& frame = at.frame(memory);
        CHECK(at.map(frame, base) == Outcome::done);
        CHECK(at.map(frame, base, at.root, abi::read, abi::execute_never) == Outcome::done);
        CHECK((at.walk_to(base).entry.word & 14) == 2);
        CHECK(flushed() == Flushes{page_at(at, base)[0], page_at(at, base)[0]});
        check_error(at.map(frame, base + 0x1000), Error::invalid_argument, 0);
        check_missing(at.map(frame, base, at.other), 30);
        CHECK(error_of(at.map(at.frame(memory + 0x1000), base)) == Error::delete_first);
        CHECK(flushed().empty());
    }

    TEST_CASE("a frame mapped in one space is not mapped in another") {
        Spaces at;
        Slot& giga = at.frame(PAddr(0x4000'0000), 2);
        CHECK(at.map(giga, base) == Outcome::done);
        check_error(at.map(giga, base, at.other), Error::invalid_capability, 1);
    }

    TEST_CASE("large frames lie at their level, and nowhere else") {
        Spaces at;
        Slot& large = at.frame(memory, 1);
        Slot& giga = at.frame(PAddr(0x4000'0000), 2);
        check_missing(at.map(large, base), 30);
        CHECK(at.map(giga, base) == Outcome::done);
        CHECK(at.walk_to(base + 0x1234'5000).level == 2);
        CHECK(at.unmap(giga) == Outcome::done);
        REQUIRE(at.map_table(at.table(), base, at.root) == Outcome::done);
        CHECK(error_of(at.map(giga, base)) == Error::failed_lookup);
        CHECK(at.map(large, base + mega) == Outcome::done);
        CHECK(at.walk_to(base + mega + 0x5000).entry.address() == memory);
        CHECK(error_of(at.map_table(at.table(), base + mega, at.root)) == Error::delete_first);
        CHECK(error_of(at.map(at.frame(memory), base + mega)) == Error::failed_lookup);
        CHECK(error_of(at.map(large, base + mega + 0x1000)) == Error::alignment_error);
    }

    TEST_CASE("addresses end below user_top") {
        Spaces at;
        Slot& frame = at.frame(memory);
        check_error(at.map(frame, abi::user_top), Error::invalid_argument, 0);
        check_error(at.map(at.frame(PAddr(0), 2), abi::user_top & ~mask(30)),
                    Error::invalid_argument, 0);
        check_error(at.map_table(at.table(), abi::user_top, at.root), Error::invalid_argument, 0);
        check_error(at.map(frame, ~Word{0} << 39), Error::invalid_argument, 0);
        CHECK(error_of(at.map(frame, 0x800)) == Error::alignment_error);
        at.map_tables(abi::user_top - 0x1000);
        CHECK(at.map(frame, abi::user_top - 0x1000) == Outcome::done);
    }

    TEST_CASE("the space must be one") {
        Spaces at;
        Slot& frame = at.frame(memory);
        check_error(at.map(frame, base, at.table()), Error::invalid_capability, 1);
        check_error(at.map(frame, base, frame), Error::invalid_capability, 1);
        Slot& table = at.table();
        REQUIRE(at.map_table(table, base, at.root) == Outcome::done);
        check_error(at.map(frame, base, table), Error::invalid_capability, 1);
        check_error(at.map_table(table, base, at.other), Error::invalid_capability, 0);
        check_error(at.map_table(at.root, base, at.other), Error::invalid_capability, 0);
    }

    TEST_CASE("a table is unmapped only as the last of its kind, and not as a root") {
        Spaces at;
        Slot& table = at.table();
        CHECK(at.unmap_table(table) == Outcome::done);
        CHECK(flushed().empty());
        REQUIRE(at.map_table(table, base + 0x5000, at.root) == Outcome::done);
        (void)flushed();
        Slot& copy = at.world.empty_slot();
        mdb::insert(table.cap, table, copy);
        CHECK(error_of(at.unmap_table(table)) == Error::revoke_first);
        finalise::remove_simple(copy);
        CHECK(at.walk_to(base).level == 1);
        CHECK(at.unmap_table(table) == Outcome::done);
        CHECK(flushed() == all_of(at));
        CHECK(at.walk_to(base).level == 2);
        CHECK_FALSE(table.cap.as<PageTableCap>().mapped());
        CHECK(error_of(at.unmap_table(at.root)) == Error::revoke_first);
    }
}

TEST_SUITE("unmap by deletion") {
    TEST_CASE("an unmapped table is empty: what it mapped does not come back with it") {
        Spaces at;
        REQUIRE(at.map_table(at.table(), base, at.root) == Outcome::done);
        Slot& table = at.table();
        REQUIRE(at.map_table(table, base, at.root) == Outcome::done);
        Slot& frame = at.frame(memory);
        REQUIRE(at.map(frame, base) == Outcome::done);
        REQUIRE(at.unmap_table(table) == Outcome::done);
        REQUIRE(at.unmap(frame) == Outcome::done);
        REQUIRE(at.map_table(table, base, at.root) == Outcome::done);
        CHECK(at.walk_to(base).level == 0);
        CHECK_FALSE(at.walk_to(base).entry.is_valid());
    }

    TEST_CASE("each deleted frame capability takes its own mapping, and only that") {
        Spaces at;
        at.map_tables(base);
        Slot& frame = at.frame(memory);
        REQUIRE(at.map(frame, base) == Outcome::done);
        Slot& copy = at.world.empty_slot();
        mdb::insert(frame.cap.as<FrameCap>().unmapped(), frame, copy);
        REQUIRE(at.map(copy, base + 0x1000) == Outcome::done);
        (void)flushed();
        finalise::remove_simple(copy);
        CHECK(flushed() == page_at(at, base + 0x1000));
        CHECK(at.walk_to(base).entry.is_leaf());
        CHECK_FALSE(at.walk_to(base + 0x1000).entry.is_valid());
    }

    TEST_CASE("a frame whose place another has taken leaves that alone") {
        Spaces at;
        at.map_tables(base);
        Slot& frame = at.frame(memory);
        REQUIRE(at.map(frame, base) == Outcome::done);
        at.walk_to(base).entry = Pte::leaf(memory + 0x1000, Pte::readable);
        (void)flushed();
        CHECK(at.unmap(frame) == Outcome::done);
        CHECK(at.walk_to(base).entry.is_valid());
        CHECK(flushed().empty());
    }

    TEST_CASE("a deleted table is out of the space; frames below it can be unmapped later") {
        Spaces at;
        REQUIRE(at.map_table(at.table(), base, at.root) == Outcome::done);
        Slot& table = at.table();
        REQUIRE(at.map_table(table, base, at.root) == Outcome::done);
        Slot& frame = at.frame(memory);
        REQUIRE(at.map(frame, base) == Outcome::done);
        (void)flushed();
        finalise::remove_simple(table);
        CHECK(flushed() == all_of(at));
        CHECK(at.walk_to(base).level == 1);
        CHECK(at.unmap(frame) == Outcome::done);
        CHECK(flushed().empty());
    }

    TEST_CASE("a deleted root ends the space, and flushes all of it once") {
        Spaces at;
        at.map_tables(base);
        Slot& frame = at.frame(memory);
        REQUIRE(at.map(frame, base) == Outcome::done);
        const Asid asid = Spaces::asid_of(at.root);
        (void)flushed();
        finalise::remove_simple(at.root);
        CHECK(flushed() == Flushes{{asid, VAddr(0), true}});
        CHECK(asid::root(asid) == nullptr);
        CHECK(at.unmap(frame) == Outcome::done);
        CHECK(flushed().empty());
    }
}
