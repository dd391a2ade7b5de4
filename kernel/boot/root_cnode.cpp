// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Slots are written directly; the operations of user programs (kernel/cap/) are not used.
/// @stage{1}
#include "kernel/boot/root_cnode.hpp"

#include "kernel/lib/print.hpp"

RootCNode::RootCNode(PAddr slots, unsigned radix) : cap_(slots, radix, 0, 64 - radix) {}

void RootCNode::put(Word slot, const Cap& cap) {
    Slot& place = cap_.slots()[slot];
    place.cap = cap;
    place.mdb.set_flags(true, true);
}

void RootCNode::copy(abi::RootSlot source, Slot& copy) {
    Slot& original = cap_.slots()[source];
    copy.cap = original.cap;
    if (copy.cap.is<FrameCap>()) // only one capability to a frame says where it is mapped
        copy.cap = copy.cap.as<FrameCap>().unmapped();
    copy.mdb.set_prev(&original);
    original.mdb.set_next(&copy);
}

void RootCNode::add_untypeds(const Regions& regions, bool device, abi::BootInfo& info) {
    Word unused = 0;
    constexpr Word unit = Word{1} << abi::least_untyped_bits;
    for (Range rest : regions) {
        rest.start = PAddr((rest.start.value + unit - 1) & ~(unit - 1));
        while (const unsigned bits = first_untyped_bits(rest)) {
            const Word index = next_ - info.untyped.start;
            if (index < abi::untyped_descriptions) {
                info.untypeds[index] = {rest.start.value, static_cast<uint8_t>(bits), device, {}};
                add(UntypedCap(rest.start, bits, device));
            } else {
                unused += Word{1} << bits;
            }
            rest.start = rest.start + (Word{1} << bits);
        }
    }
    if (unused > 0)
        println("warning: too many pieces of memory: ", unused, " bytes stay unused");
    info.untyped.end = next_;
}
