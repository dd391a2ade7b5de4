// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// How a slot is found: level by level, each CNode takes its guard and its radix from the upper
/// end of what is left of the index. The words of an error tell where the search ended.
///
///     index, depth bits    | guard | slot | guard | slot |
///                           first CNode    second CNode
///
/// seL4 manual 3.1.3, 3.3.
/// Read next: cnode_copy.cpp.
/// @stage{1}
#include "user/tests/cnode.hpp"

namespace {

/// CNodes of 16 slots; in slot s of each lies a frame of its own.
struct Level {
    static constexpr Word radix = 4;
    static constexpr Word slots = 16;
    CPtr cnode = make(ObjectType::cnode, radix);

    /// Puts a new frame into a slot and answers its identity.
    [[nodiscard]] Word put_frame(Word slot) const {
        const CPtr frame = make(ObjectType::page);
        expect_success("fill a slot", copy({cnode, slot, radix}, own(frame)));
        return identity(frame);
    }
};

/// Tries a lookup as destination and as source: both end the same way.
void expect_lookup_error(const char* what, const Where& place, Word type, Word bits_left,
                         Word detail = 0, Word guard_size = 0,
                         const Place& here = Place::current()) {
    const CPtr frame = make(ObjectType::page);
    const CPtr slot = empty_slot();
    const Result as_source = copy(own(slot), place);
    const Result as_destination = copy(place, own(frame));
    Word word = of_source;
    for (const Result& result : {as_source, as_destination}) {
        expect_error(what, Error::failed_lookup, result, {word, type}, here);
        if (type != invalid_root)
            expect_equal("bits left", bits_left, result.words[2], here);
        if (type == depth_mismatch || type == guard_mismatch)
            expect_equal("detail", detail, result.words[3], here);
        if (type == guard_mismatch)
            expect_equal("size of the guard", guard_size, result.words[4], here);
        word = of_destination;
    }
}

} // namespace

TEST("lookup: every slot of a CNode is found under its number") {
    const Level level;
    Word identities[Level::slots];
    for (Word i = 0; i < Level::slots; i++)
        identities[i] = level.put_frame(i);
    for (Word i = 0; i < Level::slots; i++)
        expect_equal("frame", identities[i], identity({level.cnode, i, Level::radix}));
}

TEST("lookup: bits of the index above the depth do not count") {
    const Level level;
    const Word frame = level.put_frame(5);
    for (const Word above : {Word{0x10}, Word{0xffff'ffff'ffff'fff0}})
        expect_equal("frame", frame, identity({level.cnode, above | 5, Level::radix}));
}

TEST("lookup: a guard must be there, with its value") {
    const Level level;
    const Word frame = level.put_frame(9);
    struct {
        Word guard;
        Word size;
    } const cases[] = {{0, 0},
                       {0, 1},
                       {1, 1},
                       {0, 3},
                       {5, 3},
                       {0x2a5, 10},
                       {0, 60},
                       {abi::mask(58), 58},
                       {0x123'4567'89ab'cdef, 58}};
    for (const auto& each : cases) {
        const CPtr cnode = guarded(level.cnode, each.guard, each.size);
        const Word guard = each.guard & abi::mask(static_cast<unsigned>(each.size));
        const Word depth = each.size + Level::radix;
        const Word index = guard << Level::radix | 9;
        expect_equal("frame", frame, identity({cnode, index, depth}));
        if (each.size > 0)
            expect_lookup_error("another guard", {cnode, index ^ Word{1} << Level::radix, depth},
                                guard_mismatch, depth, guard, each.size);
        allocator.release_slot(cnode);
    }
}

TEST("lookup: each bit of a guard counts") {
    const Level level;
    constexpr Word guard = 0x5a;
    constexpr Word size = 8;
    constexpr Word depth = size + Level::radix;
    const CPtr cnode = guarded(level.cnode, guard, size);
    for (unsigned bit = 0; bit < size; bit++)
        expect_lookup_error("a bit is wrong",
                            {cnode, (guard ^ Word{1} << bit) << Level::radix, depth},
                            guard_mismatch, depth, guard, size);
}

TEST("lookup: a depth that ends in the guard is a guard mismatch") {
    const Level level;
    const CPtr cnode = guarded(level.cnode, 0, 8);
    for (Word depth = 1; depth < 8; depth++)
        expect_lookup_error("in the guard", {cnode, 0, depth}, guard_mismatch, depth, 0, 8);
}

TEST("lookup: a depth that ends in the slot number is a depth mismatch") {
    const Level level;
    const CPtr cnode = guarded(level.cnode, 5, 3);
    for (Word depth = 3; depth < 3 + Level::radix; depth++)
        expect_lookup_error("in the slot number", {cnode, Word{5} << (depth - 3), depth},
                            depth_mismatch, depth, 3 + Level::radix);
}

TEST("lookup: a depth that is left where no CNode is, is a depth mismatch") {
    const Level level;
    [[maybe_unused]] const Word frame = level.put_frame(2);
    for (Word left = 1; left <= 64 - Level::radix; left += 7) {
        const Word depth = Level::radix + left;
        expect_lookup_error("behind a frame", {level.cnode, Word{2} << left, depth}, depth_mismatch,
                            left, 0);
        expect_lookup_error("behind an empty slot", {level.cnode, Word{3} << left, depth},
                            depth_mismatch, left, 0);
    }
}

TEST("lookup: goes on in a CNode that it finds, with that one's guard") {
    const Level outer;
    const Level inner;
    const Word frame = inner.put_frame(0xc);
    const CPtr guarded_inner = guarded(inner.cnode, 0x3, 2);
    expect_success("hook in", copy({outer.cnode, 0x7, 4}, own(guarded_inner)));
    const CPtr root = guarded(outer.cnode, 0x1, 3);
    // 001 0111 11 1100
    expect_equal("frame", frame, identity({root, 0b001'0111'11'1100, 13}));
    expect_lookup_error("guard of the first", {root, 0b011'0111'11'1100, 13}, guard_mismatch, 13, 1,
                        3);
    expect_lookup_error("guard of the second", {root, 0b001'0111'01'1100, 13}, guard_mismatch, 6, 3,
                        2);
    expect_lookup_error("in the second's slot number", {root, 0b001'0111'11'110, 12},
                        depth_mismatch, 5, 6);
    expect_lookup_error("in the second's guard", {root, 0b001'0111'1, 8}, guard_mismatch, 1, 3, 2);
    expect_lookup_error("behind the second", {root, 0b001'0111'11'1100'0, 14}, depth_mismatch, 1,
                        0);
}

TEST("lookup: at the depth of the first level a CNode is only a capability") {
    const Level outer;
    const Level inner;
    expect_success("hook in", copy({outer.cnode, 0x7, 4}, own(inner.cnode)));
    const CPtr slot = empty_slot();
    expect_success("copy the CNode", copy(own(slot), {outer.cnode, 0x7, 4}));
    const Word frame = inner.put_frame(1);
    expect_equal("it is the inner one", frame, identity({slot, 1, 4}));
}

TEST("lookup: eight levels are eight levels") {
    constexpr unsigned levels = 8;
    CPtr cnodes[levels];
    for (CPtr& cnode : cnodes)
        cnode = guarded(make(ObjectType::cnode, 4), 0xf, 4);
    Word index = 0;
    for (unsigned i = 0; i < levels; i++)
        index = index << 8 | 0xf0 | (i + 1);
    for (unsigned i = 0; i + 1 < levels; i++)
        expect_success("hook in", copy({cnodes[i], 0xf0 | (i + 1), 8}, own(cnodes[i + 1])));
    const CPtr frame = make(ObjectType::page);
    expect_success("fill", copy({cnodes[0], index, 64}, own(frame)));
    expect_equal("frame", identity(frame), identity({cnodes[0], index, 64}));
    expect_equal("from the second", identity(frame), identity({cnodes[1], index, 56}));
    expect_equal("from the last", identity(frame), identity({cnodes[7], index, 8}));
    expect_lookup_error("guard of the fifth", {cnodes[0], index ^ Word{0x10} << 24, 64},
                        guard_mismatch, 32, 0xf, 4);
}

TEST("lookup: a CNode that leads to itself is followed as far as the depth") {
    const CPtr cnode = make(ObjectType::cnode, 4);
    expect_success("hook in", copy({cnode, 0, 4}, own(cnode)));
    const CPtr frame = make(ObjectType::page);
    expect_success("fill", copy({cnode, 6, 4}, own(frame)));
    for (Word depth = 4; depth <= 64; depth += 4)
        expect_equal("frame", identity(frame), identity({cnode, 6, depth}));
    expect_success("take the loop out", remove({cnode, 0, 4}));
}

TEST("lookup: depth is 1 to 64") {
    const CPtr frame = make(ObjectType::page);
    const CPtr slot = empty_slot();
    for (const Word depth : {Word{0}, Word{65}, Word{128}, ~Word{0}}) {
        const Where place = {own_cnode, slot, depth};
        expect_error("destination", Error::range_error, copy(place, own(frame)), {1, 64});
        expect_error("source", Error::range_error, copy(own(slot), place), {1, 64});
        expect_error("delete", Error::range_error, remove(place), {1, 64});
        expect_error("revoke", Error::range_error, revoke(place), {1, 64});
    }
}

TEST("lookup: a root that is no CNode is an invalid root") {
    const CPtr frame = make(ObjectType::page);
    const CPtr slot = empty_slot();
    expect_error("a frame", Error::failed_lookup, copy(own(slot), {frame, 0, 64}),
                 {of_source, invalid_root});
    expect_error("nothing", Error::failed_lookup, copy(own(slot), {empty_slot(), 0, 64}),
                 {of_source, invalid_root});
    expect_error("and told before the depth", Error::failed_lookup, copy(own(slot), {frame, 0, 65}),
                 {of_source, invalid_root});
}

TEST("lookup: the own root has a guard of all bits that its slots leave over") {
    const CPtr frame = make(ObjectType::page);
    expect_equal("all bits", identity(frame), identity({own_cnode, frame, 64}));
    for (const Word bit : {Word{1} << 63, Word{1} << 32})
        expect_error("a bit above", Error::failed_lookup,
                     copy(own(empty_slot()), {own_cnode, frame | bit, 64}),
                     {of_source, guard_mismatch, 64, 0});
}
