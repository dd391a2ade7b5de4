// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Exercise 1.1: lookups by guards and indices; every failure with all that it tells.
/// Read next: kernel/cap/cspace.hpp.
#include "kernel/cap/cspace.hpp"

#include "labs/1-capabilities/tests/host/setting.hpp"

using namespace setting;
using abi::LookupFailure;
using cspace::resolve;

namespace {

using Answer = cspace::Lookup<cspace::Found>;

std::string name(LookupFailure failure) {
    constexpr const char* names[] = {"none", "invalid_root", "missing_capability", "depth_mismatch",
                                     "guard_mismatch"};
    return names[static_cast<unsigned>(failure)];
}

/// A CNode whose guard is the last `guard_size` bits of `guard`.
Slot& guarded(World& world, unsigned radix, Word guard, unsigned guard_size) {
    Slot& slot = world.cnode(radix);
    slot.cap = slot.cap.as<CNodeCap>().with_guard(guard & mask(guard_size), guard_size);
    return slot;
}

/// The lookup ended at slot `index` of `node`.
void expect_found(const std::string& what, const Answer& answer, const Slot& node, Word index,
                  unsigned bits_left = 0) {
    if (!expect_equal(what + ": failure", name(LookupFailure::none),
                      name(answer ? LookupFailure::none : answer.error().type)))
        return;
    const auto* const first = reinterpret_cast<const char*>(&in(node, 0));
    const auto* const found = reinterpret_cast<const char*>(answer->slot);
    expect_equal(what + ": slot of the CNode", static_cast<std::ptrdiff_t>(index),
                 (found - first) / static_cast<std::ptrdiff_t>(sizeof(Slot)));
    expect_equal(what + ": bits left", bits_left, answer->bits_left);
}

/// The lookup failed, and says all of this.
void expect_fault(const std::string& what, const Answer& answer, LookupFailure type, Word bits_left,
                  Word detail = 0, Word guard_size = 0) {
    if (!expect_equal(what + ": failure", name(type),
                      name(answer ? LookupFailure::none : answer.error().type)))
        return;
    const bool of_guard = type == LookupFailure::guard_mismatch;
    expect_equal(what + ": bits left at the CNode that failed", bits_left,
                 answer.error().bits_left);
    expect_equal(what + (of_guard ? ": guard of that CNode" : ": bits that this CNode would use"),
                 detail, answer.error().detail);
    if (of_guard)
        expect_equal(what + ": size of the guard", guard_size, answer.error().guard_size);
}

} // namespace

TEST_CASE("resolve-index: as many last bits of the pointer as a CNode's radix choose the slot") {
    World world;
    Random random;
    for (const unsigned radix : {1U, 3U, 8U}) {
        const Slot& node = guarded(world, radix, 0, 0);
        for (unsigned i = 0; i < 20; i++) {
            const Word index = random.bits(radix);
            // It is at most 8. NOLINTNEXTLINE(clang-analyzer-core.BitwiseShift)
            const Word pointer = random.bits(40) << radix | index;
            expect_found(text("radix ", radix, ", no guard, ", radix, " bits of pointer ", pointer),
                         resolve(node.cap, pointer, radix), node, index);
        }
    }
    expect_fault("from a notification", resolve(world.notification().cap, 0, 64),
                 LookupFailure::invalid_root, 0);
    expect_fault("from an empty slot", resolve(Cap(), 0, 64), LookupFailure::invalid_root, 0);
    const Slot& node = world.cnode(4);
    expect_found("from a CNode", resolve(node.cap, 3, 64), node, 3);
}

TEST_CASE("resolve-guard: the bits before the index must be the guard, all of them") {
    World world;
    constexpr unsigned radix = 4;
    constexpr unsigned size = 5;
    constexpr Word guard = 0b01101;
    const Slot& node = guarded(world, radix, guard, size);
    for (Word bits = 0; bits < 1 << size; bits++) {
        const auto answer = resolve(node.cap, bits << radix | 9, size + radix);
        const std::string what =
            text("the guard is ", guard, ", in the pointer's place for it is ", bits);
        if (bits == guard)
            expect_found(what, answer, node, 9);
        else
            expect_fault(what, answer, LookupFailure::guard_mismatch, size + radix, guard, size);
    }
    const Word above = Word{0x3a} << (size + radix);
    expect_found("bits above the depth do not count",
                 resolve(node.cap, above | guard << radix | 9, size + radix), node, 9);
    expect_fault("guard of 6 bits, of which all are 0, and 5 bits are left",
                 resolve(guarded(world, 4, 0, 6).cap, 0, 5), LookupFailure::guard_mismatch, 5, 0,
                 6);
}

TEST_CASE("resolve-guard-long: guards of up to 63 bits, and of none, in pointers of 64") {
    World world;
    const Slot& one = guarded(world, 1, mask(63), 63);
    expect_found("63 ones before an index of one bit", resolve(one.cap, ~Word{0}, 64), one, 1);
    expect_fault("the first of 63 bits is wrong", resolve(one.cap, mask(63), 64),
                 LookupFailure::guard_mismatch, 64, mask(63), 63);
    const Slot& all = world.cnode(6); // its guard is 58 zeros
    expect_found("58 zeros before an index of 6 bits", resolve(all.cap, 63, 64), all, 63);
    expect_fault("the last of 58 zeros is a one", resolve(all.cap, 64, 64),
                 LookupFailure::guard_mismatch, 64, 0, 58);
    const Slot& none = guarded(world, 6, 0, 0);
    expect_found("no guard, all 64 bits to resolve: the first 6 are the index",
                 resolve(none.cap, Word{0b101010} << 58 | 0b010101, 64), none, 0b101010, 58);
}

TEST_CASE("resolve-depth: a CNode that needs more bits than are left is a depth mismatch") {
    World world;
    const Slot& node = guarded(world, 4, 0b10, 2);
    for (const unsigned depth : {2U, 3U, 4U, 5U}) {
        const Word pointer = Word{0b101011} >> (6 - depth);
        expect_fault(text("guard of 2 bits, which matches, radix 4, depth ", depth),
                     resolve(node.cap, pointer, depth), LookupFailure::depth_mismatch, depth, 6);
    }
    expect_fault("guard of 2 bits, which does not match, radix 4, depth 3",
                 resolve(node.cap, 0b110, 3), LookupFailure::guard_mismatch, 3, 0b10, 2);
    expect_found("depth 6", resolve(node.cap, 0b101011, 6), node, 0b1011);
}

TEST_CASE("resolve-end: a lookup ends when the bits are used up, or where no CNode is") {
    World world;
    const Slot& root = guarded(world, 3, 0, 0);
    const Slot& inner = guarded(world, 4, 1, 1);
    in(root, 6).cap = inner.cap;
    in(root, 5).cap = ThreadCap(PAddr(0x800));
    expect_found("no bits are left: the slot is meant, not the CNode that it holds",
                 resolve(root.cap, 6, 3), root, 6);
    expect_found("the slot holds a CNode, and bits are left", resolve(root.cap, 0b110'1'1001, 8),
                 inner, 9);
    expect_found("the slot holds a thread, and 8 bits are left", resolve(root.cap, 0x5ab, 11), root,
                 5, 8);
    expect_found("the slot is empty, and 8 bits are left", resolve(root.cap, 0x4ab, 11), root, 4,
                 8);
    expect_fault("the guard of the second CNode does not match", resolve(root.cap, 0b110'0'1001, 8),
                 LookupFailure::guard_mismatch, 5, 1, 1);
    expect_fault("too few bits are left for the second CNode", resolve(root.cap, 0b110'1'100, 7),
                 LookupFailure::depth_mismatch, 4, 5);
}

TEST_CASE("resolve-levels: through many CNodes, with guards and indices drawn from the seed") {
    World world;
    const Slot& loop = guarded(world, 1, 0, 0);
    in(loop, 1).cap = loop.cap;
    expect_found("64 levels of one bit", resolve(loop.cap, ~Word{0} - 1, 64), loop, 0);
    expect_found("its first bit leads to an empty slot", resolve(loop.cap, mask(63), 64), loop, 0,
                 63);
    Random random;
    for (unsigned run = 0; run < 30; run++) {
        Word pointer = random.bits(64);
        std::string path;
        Cap below = ThreadCap(PAddr(0x800));
        const Slot* last = nullptr;
        Word last_index = 0;
        unsigned depth = 0;
        // From the last level up, so that each bit of the pointer below is known.
        for (unsigned level = 0; level < 8 && depth < 52; level++) {
            const auto radix = static_cast<unsigned>(1 + random.below(5));
            const auto size = static_cast<unsigned>(random.below(7));
            const Word index = pointer >> depth & mask(radix);
            Slot& node = guarded(world, radix, pointer >> (depth + radix), size);
            in(node, index).cap = below;
            below = node.cap;
            if (last == nullptr) {
                last = &node;
                last_index = index;
            }
            depth += radix + size;
            path.insert(0, text(" (guard ", size, ", radix ", radix, ")"));
        }
        expect_found(text("pointer ", pointer, ", depth ", depth, ", CNodes", path),
                     resolve(below, pointer, depth), *last, last_index);
    }
}
