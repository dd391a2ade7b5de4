// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Retype: where objects go, that their memory is clean, that nothing else is touched, and that an
/// interrupt at any step changes nothing of that.
/// Read next: kernel/cap/untyped.hpp.
/// @stage{2}
#include "kernel/cap/untyped.hpp"

#include "kernel/cap/finalise.hpp"
#include "kernel/cap/mdb.hpp"
#include "kernel/tests/host/world.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstring>

namespace {

using abi::Error;
using abi::ObjectType;

constexpr Word page = 4096;

UntypedCap view(const Slot& slot) { return slot.cap.as<UntypedCap>(); }

char* bytes(PAddr address) { return window<char>(address); }

bool all(PAddr address, Word size, char value) {
    return std::all_of(bytes(address), bytes(address) + size,
                       [=](char byte) { return byte == value; });
}

/// An untyped full of what was there before, and a CNode of 64 slots.
struct Memory {
    World world;
    Slot& root = world.cnode(6);
    Slot& untyped;

    explicit Memory(unsigned bits, bool device = false) : untyped(world.untyped(bits, device)) {
        std::memset(bytes(view(untyped).base()), 0x5a, view(untyped).size());
    }
    Result<Outcome> retype(ObjectType type, Word size_bits, Word slot, Word count) {
        return world.invoke(
            untyped, abi::UntypedRetype{static_cast<Word>(type), size_bits, 0, 0, slot, count},
            {&root});
    }
    Error error(ObjectType type, Word size_bits, Word slot, Word count) {
        return error_of(retype(type, size_bits, slot, count));
    }
    [[nodiscard]] PAddr base() const { return view(untyped).base(); }
};

} // namespace

TEST_SUITE("untyped") {
    TEST_CASE("objects go behind the watermark, aligned to their size") {
        const auto cap = UntypedCap(PAddr(0x10'0000), 16, false).with_watermark(0x1230);
        CHECK(untyped::place(cap, false, 4, 1) == Word{0x1230});
        CHECK(untyped::place(cap, false, 5, 1) == Word{0x1240});
        CHECK(untyped::place(cap, false, 12, 14) == Word{0x2000});
        CHECK(untyped::place(cap, true, 12, 16) == Word{0});
        CHECK(untyped::place(cap, true, 16, 1) == Word{0});
    }

    TEST_CASE("what does not fit: not enough memory, and how much there is") {
        const auto cap = UntypedCap(PAddr(0x10'0000), 16, false).with_watermark(0x1230);
        const auto left = [&](unsigned bits, Word count) {
            const auto result = untyped::place(cap, false, bits, count);
            REQUIRE_FALSE(result.has_value());
            CHECK(result.error().error == Error::not_enough_memory);
            return result.error().first;
        };
        CHECK(left(12, 15) == 0x10000 - 0x1230); // would fit unaligned
        CHECK(left(16, 1) == 0x10000 - 0x1230);
        CHECK(left(38, 256) == 0x10000 - 0x1230);
        CHECK(left(12, ~Word{0} >> 12) == 0x10000 - 0x1230);
        CHECK(untyped::place(cap, false, 12, 14).has_value());
        CHECK_FALSE(untyped::place(cap.with_watermark(0x10000), false, 4, 1).has_value());
    }

    TEST_CASE("objects of each kind, all in clean memory") {
        Memory at(18);
        CHECK(at.retype(ObjectType::untyped, 12, 0, 1) == Outcome::done);
        CHECK(at.retype(ObjectType::tcb, 0, 1, 1) == Outcome::done);
        CHECK(at.retype(ObjectType::notification, 0, 3, 2) == Outcome::done);
        CHECK(at.retype(ObjectType::cnode, 3, 5, 1) == Outcome::done);
        CHECK(at.retype(ObjectType::page, 0, 6, 1) == Outcome::done);
        CHECK(at.retype(ObjectType::page_table, 0, 7, 1) == Outcome::done);
        CHECK(in(at.root, 0).cap == UntypedCap(at.base(), 12, false));
        CHECK(in(at.root, 1).cap == ThreadCap(at.base() + page));
        const PAddr notification = at.base() + page + 2048;
        CHECK(in(at.root, 3).cap == NotificationCap(notification, Badge(0), 15));
        CHECK(in(at.root, 4).cap == NotificationCap(notification + 32, Badge(0), 15));
        CHECK(in(at.root, 5).cap == CNodeCap(at.base() + page + 2048 + 256, 3));
        CHECK(in(at.root, 6).cap == FrameCap(at.base() + 2 * page, 0, false, 15));
        CHECK(in(at.root, 7).cap == PageTableCap(at.base() + 3 * page));
        CHECK(all(notification, 2 * page + 2048, 0));
        CHECK(view(at.untyped).watermark() == 4 * page);
        CHECK(mdb::has_children(at.untyped));
        CHECK(in(at.root, 2).empty());
    }

    TEST_CASE("nothing behind the last page of the plan is touched") {
        Memory at(16);
        CHECK(at.retype(ObjectType::page, 0, 0, 3) == Outcome::done);
        CHECK(all(at.base(), 3 * page, 0));
        CHECK(all(at.base() + 3 * page, 13 * page, 0x5a));
        CHECK(view(at.untyped).clean() == 3 * page);
        CHECK(at.retype(ObjectType::notification, 0, 8, 1) == Outcome::done);
        CHECK(all(at.base() + 3 * page, page, 0));
        CHECK(all(at.base() + 4 * page, 12 * page, 0x5a));
    }

    TEST_CASE("an untyped smaller than a page is cleared to its end and no further") {
        Memory at(5);
        CHECK(at.retype(ObjectType::notification, 0, 0, 1) == Outcome::done);
        CHECK(all(at.base(), 32, 0));
        CHECK(at.error(ObjectType::notification, 0, 1, 1) == Error::not_enough_memory);
        Memory tiny(4);
        CHECK(tiny.retype(ObjectType::untyped, 4, 0, 1) == Outcome::done);
    }

    TEST_CASE("clean memory that objects have used is cleared again when it starts anew") {
        Memory at(14);
        CHECK(at.retype(ObjectType::page, 0, 0, 2) == Outcome::done);
        std::memset(bytes(at.base()), 1, 2 * page);
        CHECK(finalise::revoke(at.untyped) == Outcome::done);
        CHECK(in(at.root, 0).empty());
        CHECK(at.retype(ObjectType::page, 0, 0, 1) == Outcome::done);
        CHECK(in(at.root, 0).cap.address() == at.base());
        CHECK(all(at.base(), page, 0));
    }

    TEST_CASE("smaller untypeds clear what they make, and nothing is cleared for them") {
        Memory at(14);
        CHECK(at.retype(ObjectType::untyped, 13, 0, 2) == Outcome::done);
        CHECK(all(at.base(), 4 * page, 0x5a));
        Slot& half = in(at.root, 1);
        const abi::UntypedRetype message{static_cast<Word>(ObjectType::page), 0, 0, 0, 2, 1};
        CHECK(at.world.invoke(half, message, {&at.root}) == Outcome::done);
        CHECK(all(at.base(), 2 * page, 0x5a));
        CHECK(all(at.base() + 2 * page, page, 0));
    }

    TEST_CASE("clean memory is not cleared twice") {
        Memory at(14);
        CHECK(at.retype(ObjectType::notification, 0, 0, 1) == Outcome::done);
        *bytes(at.base() + 64) = 7; // nobody can: it tells of the second clearing
        CHECK(at.retype(ObjectType::notification, 0, 1, 1) == Outcome::done);
        CHECK(*bytes(at.base() + 64) == 7);
    }

    TEST_CASE("an interrupt at every step: it goes on, and the result is the same") {
        constexpr Word pages = 8;
        for (Word step = 0; step <= pages; step++) {
            CAPTURE(step);
            Memory at(15);
            host::interrupts.at = step;
            const auto first = at.retype(ObjectType::page, 0, 0, pages);
            CHECK(first == (step < pages - 1 ? Outcome::preempted : Outcome::done));
            if (first == Outcome::preempted) {
                CHECK(in(at.root, 0).empty());
                CHECK(view(at.untyped).clean() == (step + 1) * page);
                CHECK(view(at.untyped).watermark() == 0);
                CHECK(at.retype(ObjectType::page, 0, 0, pages) == Outcome::done);
            }
            CHECK(all(at.base(), pages * page, 0));
            CHECK(view(at.untyped).watermark() == pages * page);
            CHECK(whole(at.untyped));
        }
    }

    TEST_CASE("with an interrupt always pending it ends, a page each time") {
        Memory at(16);
        CHECK(at.retype(ObjectType::notification, 0, 0, 1) == Outcome::done);
        host::interrupts.always = true;
        unsigned calls = 1;
        while (at.retype(ObjectType::page, 0, 1, 10) == Outcome::preempted)
            calls++;
        CHECK(calls == 10); // pages 1 to 10; the last without a question
        CHECK(all(at.base() + page, 10 * page, 0));
        CHECK(all(at.base() + 11 * page, 5 * page, 0x5a));
    }

    TEST_CASE("device memory is never touched, and becomes frames and untypeds only") {
        Memory at(16, true);
        CHECK(at.retype(ObjectType::page, 0, 0, 1) == Outcome::done);
        CHECK(at.retype(ObjectType::untyped, 12, 1, 1) == Outcome::done);
        CHECK(in(at.root, 0).cap.as<FrameCap>().device());
        CHECK(view(in(at.root, 1)).device());
        for (const auto type :
             {ObjectType::tcb, ObjectType::notification, ObjectType::page_table}) {
            const auto result = at.retype(type, 0, 2, 1);
            REQUIRE(error_of(result) == Error::invalid_argument);
            CHECK(result.error().first == 1);
        }
        CHECK(at.error(ObjectType::cnode, 1, 2, 1) == Error::invalid_argument);
        CHECK(all(at.base(), 0x10000, 0x5a));
    }
    TEST_CASE("memory at address 0 is like other memory: a frame there is a child") {
        Memory at(4);
        Slot& device = at.world.slot(UntypedCap(PAddr(0), 13, true));
        const auto retype = [&](Word slot) {
            return at.world.invoke(
                device, abi::UntypedRetype{static_cast<Word>(ObjectType::page), 0, 0, 0, slot, 1},
                {&at.root});
        };
        CHECK(retype(0) == Outcome::done);
        CHECK(mdb::has_children(device));
        CHECK(retype(1) == Outcome::done);
        CHECK(in(at.root, 1).cap.as<FrameCap>().base() == PAddr(page));
        CHECK(error_of(retype(2)) == Error::not_enough_memory);
        CHECK(finalise::revoke(device) == Outcome::done);
        CHECK(in(at.root, 0).empty());
        CHECK(in(at.root, 1).empty());
    }

    TEST_CASE("the greatest untyped is full when it is full, and when it was copied") {
        Memory at(4);
        const Word base = Word{1} << abi::greatest_untyped_bits;
        const auto half = [&](Slot& device, Word slot) {
            const Word bits = abi::greatest_untyped_bits - 1;
            return at.world.invoke(
                device,
                abi::UntypedRetype{static_cast<Word>(ObjectType::untyped), bits, 0, 0, slot, 1},
                {&at.root});
        };
        Slot& device = at.world.slot(UntypedCap(PAddr(base), abi::greatest_untyped_bits, true));
        CHECK(half(device, 0) == Outcome::done);
        CHECK(half(device, 1) == Outcome::done);
        CHECK(error_of(half(device, 2)) == Error::not_enough_memory);
        Slot& other = at.world.slot(UntypedCap(PAddr(base), abi::greatest_untyped_bits, true));
        mdb::insert(other.cap, other, in(at.root, 2));
        CHECK(error_of(half(other, 3)) == Error::not_enough_memory);
    }
}
