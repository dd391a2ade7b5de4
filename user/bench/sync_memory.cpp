// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Invocations that change memory, address spaces and threads.
/// Read next: sync_interrupt.cpp.
/// @stage{none}
#include "user/bench/sync.hpp"

namespace bench {

namespace {

/// One after the other, so that none finds what the one before has prepared.
constexpr unsigned pages = 64;

struct PageSamples {
    Samples map;
    Samples unmap;
    Samples both;
};

void map_and_unmap(CPtr frame, Word vaddr, PageSamples& samples) {
    const abi::PageMap where{vaddr, user::read_write, abi::execute_never};
    const Word map = timed_invoke(frame, where, CPtr{abi::root_vspace});
    const Word unmap = timed_invoke(frame, abi::PageUnmap{});
    samples.map.add(map);
    samples.unmap.add(unmap);
    samples.both.add(map == 0 || unmap == 0 ? 0 : map + unmap);
}

/// Retypes one object after the other out of a new untyped.
void retype_often(abi::ObjectType type, Word size_bits, Samples& samples) {
    constexpr unsigned bits = 21;
    const CPtr memory = user::allocator.make(abi::ObjectType::untyped, bits);
    const CPtr slots = user::allocator.slot(Samples::most);
    for (unsigned i = 0; i < Samples::most; i++) {
        const abi::UntypedRetype one{.type = static_cast<Word>(type),
                                     .size_bits = size_bits,
                                     .node_index = 0,
                                     .node_depth = 0,
                                     .node_offset = slots + i,
                                     .count = 1};
        samples.add(timed_invoke(memory, one, sel4::own_cnode));
    }
    user::allocator.destroy(memory);
    user::allocator.release_slot(slots, Samples::most);
}

} // namespace

void measure_pages() {
    static constinit PageSamples samples = {};
    CPtr frames[pages];
    Word addresses[pages];
    for (unsigned i = 0; i < pages; i++) {
        frames[i] = user::allocator.make(abi::ObjectType::page);
        addresses[i] = user::vspace.reserve(user::page_size);
        user::vspace.map(frames[i], addresses[i]);
        sel4::page_unmap(frames[i]);
    }
    while (!samples.both.full())
        for (unsigned i = 0; i < pages; i++)
            map_and_unmap(frames[i], addresses[i], samples);
    report("sync.page_map", samples.map);
    report("sync.page_unmap", samples.unmap);
    report("sync.mapunmap", samples.both);
}

/// The kernel clears what it gives out. What that costs is the difference between untypeds of one
/// page and of two; the figure is given with it and without.
void measure_retype() {
    static constinit Samples page = {};
    static constinit Samples one_page = {};
    static constinit Samples two_pages = {};
    static constinit Samples rest = {};
    retype_often(abi::ObjectType::page, 0, page);
    retype_often(abi::ObjectType::untyped, abi::page_bits, one_page);
    retype_often(abi::ObjectType::untyped, abi::page_bits + 1, two_pages);
    report("sync.retype_page", page, " clearing=1");
    rest.add(page.median() - (two_pages.median() - one_page.median()));
    report("sync.retype_page", rest, " clearing=0");
}

void measure_priority() {
    static constinit Samples samples = {};
    for (unsigned i = 0; !samples.full(); i++) {
        const Word taken =
            timed_invoke(abi::root_tcb, abi::TcbSetPriority{own_priority}, CPtr{abi::root_tcb});
        if (i >= warm_up)
            samples.add(taken);
    }
    report("sync.set_priority", samples);
}

} // namespace bench
