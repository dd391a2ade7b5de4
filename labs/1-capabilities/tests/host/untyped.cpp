// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Exercises 1.4 and 1.5: where objects go in untyped memory, and the making of them.
/// Read next: kernel/cap/untyped.hpp.
#include "kernel/cap/untyped.hpp"

#include "kernel/cap/mdb.hpp"
#include "labs/1-capabilities/tests/host/setting.hpp"

using namespace setting;
using abi::ObjectType;
using untyped::place;
using untyped::Plan;

namespace {

UntypedCap view(const Slot& slot) { return slot.cap.as<UntypedCap>(); }

/// 2^12 bytes, of which `used` are.
UntypedCap used(Word bytes) {
    return UntypedCap(PAddr(0x40'0000), 12, false).with_watermark(bytes);
}

void expect_place(const std::string& what, Word offset, const Result<Word>& got) {
    if (expect_success(what, got))
        expect_equal(what + ": offset", offset, *got);
}

void expect_full(const std::string& what, Word free, const Result<Word>& got) {
    if (expect_error(what, abi::Error::not_enough_memory, got))
        expect_equal(what + ": bytes that are free", free, got.error().first);
}

/// An untyped of 2^14 bytes and a CNode of 16 slots.
struct Memory {
    World world;
    Slot& untyped = world.untyped(14);
    Slot& node = world.cnode(4);

    /// Makes objects and their capabilities in slots `first` and following.
    void create(ObjectType type, unsigned size_bits, Word start, Word count, Word first) {
        const auto bits = static_cast<unsigned>(abi::object_bits(type, size_bits));
        const bool fresh = view(untyped).watermark() == 0;
        untyped::create(untyped,
                        Plan{type, size_bits, bits, &in(node, first), count, start, fresh});
    }
};

} // namespace

TEST_CASE("place-aligned: an object begins behind the watermark, at a multiple of its size") {
    expect_place("nothing is used yet", 0, place(used(0), false, 5, 1));
    expect_place("64 bytes are used, objects of 32", 64, place(used(64), false, 5, 1));
    expect_place("80 bytes are used, objects of 32", 96, place(used(80), false, 5, 1));
    expect_place("16 bytes are used, objects of 2048", 2048, place(used(16), false, 11, 1));
    expect_place("2048 bytes are used, objects of 2048", 2048, place(used(2048), false, 11, 1));
    expect_place("half of it was used", 0, place(used(2048), true, 5, 1));
    expect_place("all of it was used", 0, place(used(4096), true, 12, 1));
    expect_full("all of it was used, two objects as large as it", 4096,
                place(used(4096), true, 12, 2));
}

TEST_CASE("place-full: objects fit up to the last byte; the error says how many bytes are free") {
    expect_place("128 objects of 32 bytes in 4096", 0, place(used(0), false, 5, 128));
    expect_full("129 objects of 32 bytes in 4096", 4096, place(used(0), false, 5, 129));
    expect_place("127 objects of 32 bytes behind 32", 32, place(used(32), false, 5, 127));
    expect_full("128 objects of 32 bytes behind 32", 4064, place(used(32), false, 5, 128));
    expect_full("one of 2048 bytes behind 2064: its aligned place is the end", 2032,
                place(used(2064), false, 11, 1));
    expect_full("2 of 1024 bytes behind 1040: alignment leaves room for one", 3056,
                place(used(1040), false, 10, 3));
    expect_place("2 of 1024 bytes behind 1040", 2048, place(used(1040), false, 10, 2));
    expect_full("nothing is free", 0, place(used(4096), false, 4, 1));
    expect_full("larger than the untyped", 4096, place(used(0), false, 13, 1));
}

TEST_CASE("place-huge: sizes and counts whose product is more than 64 bits do not fit") {
    expect_full("2^60 objects of 16 bytes", 4096, place(used(0), false, 4, Word{1} << 60));
    expect_full("2^60 + 1 objects of 16 bytes", 4096,
                place(used(0), false, 4, (Word{1} << 60) + 1));
    expect_full("2^27 objects of 2^38 bytes", 4096, place(used(0), false, 38, Word{1} << 27));
    const UntypedCap most(PAddr(0), abi::greatest_untyped_bits, false);
    expect_place("one object of 2^38 bytes in 2^38", 0, place(most, false, 38, 1));
    expect_full("256 objects of 2^38 bytes in 2^38", Word{1} << 38, place(most, false, 38, 256));
}

TEST_CASE("create-objects: the objects lie one behind the other, their capabilities likewise") {
    Memory at;
    const PAddr base = view(at.untyped).base();
    at.create(ObjectType::notification, 0, 64, 3, 2);
    for (Word i = 0; i < 3; i++) {
        const Cap& cap = in(at.node, 2 + i).cap;
        if (expect(text("slot ", 2 + i, " has a capability to a notification"),
                   cap.is<NotificationCap>()))
            expect_equal(text("offset of object ", i, " in the untyped"), 64 + i * 32,
                         cap.address().value - base.value);
    }
    expect("no slot before the first is used", in(at.node, 1).empty());
    expect("no slot behind the last is used", in(at.node, 5).empty());
    at.create(ObjectType::cnode, 3, 256, 2, 8);
    for (Word i = 0; i < 2; i++) {
        const Cap& cap = in(at.node, 8 + i).cap;
        if (!expect(text("slot ", 8 + i, " has a capability to a CNode"), cap.is<CNodeCap>()))
            continue;
        expect_equal("radix of the CNode", 3U, cap.as<CNodeCap>().radix());
        expect_equal(text("offset of CNode ", i, " in the untyped"), 256 + i * 256,
                     cap.address().value - base.value);
    }
}

TEST_CASE("create-device: frames of device memory say that they are") {
    World world;
    Slot& node = world.cnode(4);
    for (const bool device : {false, true}) {
        Slot& memory = world.untyped(12, device);
        Slot& slot = in(node, device ? 1 : 2);
        untyped::create(memory, Plan{ObjectType::page, 0, 12, &slot, 1, 0, true});
        if (expect("a frame was made", slot.cap.is<FrameCap>()))
            expect_equal(device ? "a frame of device memory" : "a frame of ordinary memory", device,
                         slot.cap.as<FrameCap>().device());
    }
}

TEST_CASE("create-children: new capabilities are children of the untyped, and originals") {
    Memory at;
    at.create(ObjectType::notification, 0, 0, 3, 0);
    expect("the untyped has children", mdb::has_children(at.untyped));
    for (Word i = 0; i < 3; i++) {
        Slot& slot = in(at.node, i);
        expect(text("slot ", i, " is a child of the untyped"), mdb::is_parent(at.untyped, slot));
        expect(text("slot ", i, " is in the list, linked both ways"),
               slot.mdb.prev() != nullptr && mdb::linked(slot));
        expect(text("slot ", i, " can be the parent of its copies"), slot.mdb.revocable());
        expect(text("slot ", i, " is the last capability to its object"), mdb::is_final(slot));
    }
    expect_equal("capabilities in the list of the untyped", 4U, list_of(at.untyped).size());
}

TEST_CASE("create-watermark: the watermark is the end of the last object; what is clean stays so") {
    Memory at;
    at.untyped.cap = view(at.untyped).with_clean(0x2000);
    at.create(ObjectType::notification, 0, 0, 3, 0);
    expect_equal("three objects of 32 bytes from offset 0 on: watermark", 96U,
                 view(at.untyped).watermark());
    at.create(ObjectType::tcb, 0, 2048, 2, 4);
    expect_equal("two objects of 2048 bytes from offset 2048 on: watermark", 3U * 2048U,
                 view(at.untyped).watermark());
    expect_equal("up to here free memory is known to be zero", 0x2000U, view(at.untyped).clean());
    expect_equal("size of the untyped, as a power of two", 14U, view(at.untyped).size_bits());
}
