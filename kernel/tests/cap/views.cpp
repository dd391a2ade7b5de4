// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Layout of capabilities: every field comes back as it was put, whatever the others hold.
/// Read next: kernel/cap/views.hpp.
/// @stage{2}
#include "kernel/cap/slot.hpp"
#include "kernel/tests/panic.hpp"

#include <doctest/doctest.h>

#include <array>

namespace {

constexpr Word greatest_address = mask(39);

template <unsigned count>
using Values = std::array<Word, count>;

/// Field number `number` of combination `combination`: nothing, every other bit, all bits.
Word value_of(Word greatest, unsigned number, unsigned combination) {
    for (; number > 0; number--)
        combination /= 3;
    constexpr Word patterns[] = {0, 0x5555'5555'5555'5555, ~Word{0}};
    return greatest & patterns[combination % 3];
}

/// Tries all combinations of least, greatest and middle values. `make` makes the capability of
/// some values, `read` says what they are in a capability.
template <class View, unsigned count, class Make, class Read>
void round_trips(const Values<count>& greatest, Make make, Read read) {
    unsigned combinations = 1;
    for (unsigned i = 0; i < count; i++)
        combinations *= 3;
    for (unsigned combination = 0; combination < combinations; combination++) {
        Values<count> values;
        for (unsigned i = 0; i < count; i++)
            values[i] = value_of(greatest[i], i, combination);
        const Cap cap = make(values);
        CAPTURE(combination);
        REQUIRE(cap.is<View>());
        CHECK(read(cap.as<View>()) == values);
    }
}

unsigned narrow(Word word) { return static_cast<unsigned>(word); }

} // namespace

TEST_SUITE("views") {
    TEST_CASE("a null capability is two zero words") {
        constexpr std::array<Word, 2> zeroes = {};
        CHECK(std::bit_cast<std::array<Word, 2>>(Cap()) == zeroes);
        CHECK(Cap().null());
        CHECK_FALSE(Cap().in_memory());
    }

    TEST_CASE("a capability cannot be read as one of another kind") {
        const Cap cap = ThreadCap(PAddr(0x1000));
        CHECK_THROWS_AS((void)cap.as<CNodeCap>(), Panic);
        CHECK_FALSE(cap.is<CNodeCap>());
    }

    TEST_CASE("cnode") {
        round_trips<CNodeCap, 4>(
            {greatest_address, 63, ~Word{0}, 63},
            [](const auto& v) { return CNodeCap(PAddr(v[0]), narrow(v[1]), v[2], narrow(v[3])); },
            [](CNodeCap cap) {
                return Values<4>{cap.address().value, cap.radix(), cap.guard(), cap.guard_size()};
            });
        const CNodeCap guarded = CNodeCap(PAddr(0x40), 5).with_guard(9, 7);
        CHECK(guarded == CNodeCap(PAddr(0x40), 5, 9, 7));
    }

    TEST_CASE("untyped") {
        round_trips<UntypedCap, 5>(
            {greatest_address, 63, 1, mask(35) << 4, mask(27) << 12},
            [](const auto& v) {
                return UntypedCap(PAddr(v[0]), narrow(v[1]), v[2] != 0)
                    .with_clean(v[4])
                    .with_watermark(v[3]);
            },
            [](UntypedCap cap) {
                return Values<5>{cap.base().value, cap.size_bits(), cap.device(), cap.watermark(),
                                 cap.clean()};
            });
    }

    TEST_CASE("an untyped of the greatest size can be full, and clean to its end") {
        const UntypedCap cap(PAddr(0), abi::greatest_untyped_bits, true);
        CHECK(cap.with_watermark(cap.size()).watermark() == cap.size());
        CHECK(cap.with_clean(cap.size()).clean() == cap.size());
    }

    TEST_CASE("notification") {
        round_trips<NotificationCap, 3>(
            {greatest_address, ~Word{0}, 3},
            [](const auto& v) { return NotificationCap(PAddr(v[0]), Badge(v[1]), v[2]); },
            [](NotificationCap cap) {
                return Values<3>{cap.address().value, cap.badge().value, cap.rights()};
            });
    }

    /// @cond LAB3
    TEST_CASE("notification: the sender entry that it knows") {
        round_trips<NotificationCap, 5>(
            {greatest_address, ~Word{0}, 3, 511, 511},
            [](const auto& v) {
                return NotificationCap(PAddr(v[0]), Badge(v[1]), v[2]).with_sender(v[3], v[4]);
            },
            [](NotificationCap cap) {
                return Values<5>{cap.address().value, cap.badge().value, cap.rights(), cap.table(),
                                 cap.entry()};
            });
        const NotificationCap plain(PAddr(0x4000), Badge(3), abi::read);
        CHECK(plain.with_sender(5, 6).copy() == plain);
    }
    /// @endcond

    TEST_CASE("frame") {
        round_trips<FrameCap, 6>(
            {greatest_address, 3, 1, 15, mask(39), mask(16)},
            [](const auto& v) {
                return FrameCap(PAddr(v[0]), narrow(v[1]), v[2] != 0, 0)
                    .with_mapping({Asid(v[5]), VAddr(v[4])})
                    .with_rights(v[3]);
            },
            [](FrameCap cap) {
                return Values<6>{cap.base().value,
                                 cap.level(),
                                 cap.device(),
                                 cap.rights(),
                                 cap.mapping().vaddr.value,
                                 cap.mapping().asid.value};
            });
        const FrameCap frame(PAddr(0x4000), 1, true, 5);
        CHECK(frame.with_mapping({Asid(3), VAddr(0x5000)}).unmapped() == frame);
        CHECK_FALSE(frame.mapped());
        CHECK(frame.with_mapping({Asid(3), VAddr(0)}).mapped());
    }

    TEST_CASE("page table") {
        round_trips<PageTableCap, 3>(
            {greatest_address, mask(39), mask(16)},
            [](const auto& v) {
                return PageTableCap(PAddr(v[0])).with_mapping({Asid(v[2]), VAddr(v[1])});
            },
            [](PageTableCap cap) {
                return Values<3>{cap.base().value, cap.mapping().vaddr.value,
                                 cap.mapping().asid.value};
            });
        const PageTableCap table(PAddr(0x4000));
        CHECK_FALSE(table.mapped());
        CHECK(table.with_mapping({}).mapped());
        CHECK(table.with_mapping({Asid(3), VAddr(0x5000)}).unmapped() == table);
    }

    TEST_CASE("asid pool, interrupt, thread") {
        round_trips<AsidPoolCap, 2>(
            {greatest_address, mask(16)},
            [](const auto& v) { return AsidPoolCap(PAddr(v[0]), Asid(v[1])); },
            [](AsidPoolCap cap) { return Values<2>{cap.address().value, cap.first().value}; });
        CHECK(Cap(IrqHandlerCap(95)).as<IrqHandlerCap>().irq() == 95);
        CHECK_FALSE(IrqHandlerCap(95).in_memory());
        CHECK(ThreadCap(PAddr(greatest_address)).address() == PAddr(greatest_address));
        CHECK(ThreadCap(PAddr(0x800)).in_memory());
        CHECK(FrameCap(PAddr(0), 0, true, 0).in_memory());
    }

    TEST_CASE("zombie") {
        round_trips<ZombieCap, 4>(
            {greatest_address, 63, 1, ~Word{0}},
            [](const auto& v) { return ZombieCap(PAddr(v[0]), narrow(v[1]), v[2] != 0, v[3]); },
            [](ZombieCap cap) {
                return Values<4>{cap.address().value, cap.radix(), cap.of_thread(), cap.left()};
            });
        const ZombieCap zombie(PAddr(0x800), 3, true, 8);
        CHECK(zombie.with_left(2) == ZombieCap(PAddr(0x800), 3, true, 2));
    }

    /// @cond NONE
    TEST_CASE("endpoint and reply") {
        round_trips<EndpointCap, 3>(
            {greatest_address, ~Word{0}, 15},
            [](const auto& v) { return EndpointCap(PAddr(v[0]), Badge(v[1]), v[2]); },
            [](EndpointCap cap) {
                return Values<3>{cap.address().value, cap.badge().value, cap.rights()};
            });
        round_trips<ReplyCap, 3>(
            {greatest_address, 1, 1},
            [](const auto& v) { return ReplyCap(PAddr(v[0]), v[1] != 0, v[2] != 0); },
            [](ReplyCap cap) { return Values<3>{cap.address().value, cap.grant(), cap.master()}; });
        CHECK_FALSE(ReplyCap(PAddr(0x800), true, true).in_memory());
    }
    /// @endcond

    TEST_CASE("links and flags of a slot do not touch each other") {
        alignas(32) static Slot neighbours[3];
        Slot& slot = neighbours[1];
        slot = Slot();
        slot.mdb.set_flags(true, false);
        slot.mdb.set_prev(&neighbours[0]);
        slot.mdb.set_next(&neighbours[2]);
        CHECK(slot.mdb.prev() == &neighbours[0]);
        CHECK(slot.mdb.next() == &neighbours[2]);
        CHECK(slot.mdb.revocable());
        CHECK_FALSE(slot.mdb.first_badged());
        slot.mdb.set_flags(false, true);
        CHECK(slot.mdb.next() == &neighbours[2]);
        CHECK_FALSE(slot.mdb.revocable());
        CHECK(slot.mdb.first_badged());
        slot.mdb.set_next(nullptr);
        CHECK(slot.mdb.next() == nullptr);
        CHECK(slot.mdb.first_badged());
    }
}
