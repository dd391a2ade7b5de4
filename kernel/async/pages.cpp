// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// PageMap of a frame that is not mapped, to an entry that is free; PageUnmap of one that is. Both
/// are written where the loop over the requests is, so that what they share stays in registers.
/// @stage{6}
#include "kernel/async/pages.hpp"

#include "kernel/abi/invocation.hpp"
#include "kernel/lib/todo.hpp"
#include "kernel/vm/asid.hpp"
#include "kernel/vm/vspace.hpp"

namespace async {

// Your own helpers: begin
// Your own helpers: end

/// A CSpace of one CNode, taken apart.
struct SimpleCSpace {
    explicit SimpleCSpace(const CNodeCap& cnode)
        : slots(cnode.guard_size() + cnode.radix() == 64 ? cnode.slots() : nullptr),
          radix(cnode.radix()), guard(cnode.guard()) {}

    /// The slot that a pointer names; null: it is not as simple as that.
    [[nodiscard]] Slot* slot_of(CPtr cptr) const {
        return cptr >> radix == guard ? slots + (cptr & mask(radix)) : nullptr;
    }

    Slot* slots;
    unsigned radix;
    Word guard;
};

namespace {

/// How a request of invocation `I` begins: its object, extra capabilities and words follow.
template <class I>
constexpr uint32_t request_of =
    abi::ItemInfo::make(abi::label_in_items(static_cast<Word>(I::label)),
                        1 + I::caps + abi::words_of<I>, I::caps)
        .word;

/// Can a page be mapped there at all?
bool is_page(const Cap& cap) { return cap.is<FrameCap>() && cap.as<FrameCap>().level() == 0; }

bool possible(VAddr address) {
    return address.value < abi::user_top - mask(abi::page_bits) && address.aligned(abi::page_bits);
}

} // namespace

/// @lab{6.5} requests in a row, as long as each is as usual
///
/// As usual is a request to map or unmap a page, in a simple CSpace, that map() or unmap() can do.
/// Its reply has its id, no error and no words. The first other one, and all behind it, are left
/// alone. What was changed is counted in changed_.
// Not inlined: here its constants have registers.
[[gnu::noinline]] Word Pages::serve(const Tcb& owner, const rt::Run& requests, abi::Item* reply) {
    const Cap& root = owner.slot(Tcb::cspace).cap;
    if (!root.is<CNodeCap>())
        return 0;
    const SimpleCSpace cspace(root.as<CNodeCap>());
    if (cspace.slots == nullptr)
        return 0;
    abi::Item* request = requests.first;
    for (; request != requests.last; request++, reply++) {
        Slot* slot = cspace.slot_of(request->words[0].load_relaxed());
        if (slot == nullptr || !is_page(slot->cap))
            break;
        const uint32_t info = request->info.load_relaxed();
        if (info == request_of<abi::PageMap>) {
            if (!map(*slot, *request, cspace))
                break;
        } else if (info != request_of<abi::PageUnmap> || !unmap(*slot)) {
            break;
        }
        reply->id.store_relaxed(request->id.load_relaxed());
        reply->info.store_relaxed(0); // no error, no words
    }
    const Word served = rt::distance(requests.first, request);
    changed_ += served; // each has changed one translation
    return served;
}

inline bool Pages::map(Slot& slot, const abi::Item& request, const SimpleCSpace& cspace) {
    const auto frame = slot.cap.as<FrameCap>();
    const CPtr vspace = request.words[1].load_relaxed();
    const VAddr address(request.words[2].load_relaxed());
    if (frame.mapped() || !possible(address) || vspace == Known::none)
        return false;
    if (vspace != known_.vspace) {
        const Slot* root = cspace.slot_of(vspace);
        if (root == nullptr || !use_space(root->cap))
            return false;
        known_.vspace = vspace;
    }
    Pte* entry = entry_of(address);
    if (entry == nullptr || entry->is_valid())
        return false;
    *entry =
        vspace::leaf_of(frame, request.words[3].load_relaxed(), request.words[4].load_relaxed());
    slot.cap = frame.with_mapping({known_.asid, address});
    last_changed_ = address;
    return true;
}

inline bool Pages::unmap(Slot& slot) {
    const auto frame = slot.cap.as<FrameCap>();
    const auto [asid, address] = frame.mapping();
    if (!frame.mapped() || (asid != known_.asid && !use_space(asid)))
        return false;
    Pte* entry = entry_of(address);
    if (entry == nullptr || !entry->is_leaf() || entry->address() != frame.base())
        return false;
    *entry = {};
    slot.cap = frame.unmapped();
    last_changed_ = address;
    return true;
}

bool Pages::use_space(const Cap& cap) {
    return vspace::is_root(cap) && asid::valid(cap.as<PageTableCap>().space()) &&
           use_space(cap.as<PageTableCap>().space().asid());
}

[[gnu::noinline]] bool Pages::use_space(Asid asid) {
    changed_ += 2 * abi::line_bytes; // several, for all that is known: this run is not counted yet
    clean();
    changed_ = 0;
    forget();
    const vm::AsidEntry* entry = asid::entry(asid);
    if (entry == nullptr || !entry->used())
        return false;
    known_.asid = asid;
    known_.root = entry->root();
    return true;
}

inline Pte* Pages::entry_of(VAddr address) {
    // NOLINTNEXTLINE(clang-analyzer-core.CallAndMessage): a region that is known has a table
    return address.value >> level_bits(1) == known_.region ? &known_.table->entry(address, 0)
                                                           : find_entry(address);
}

[[gnu::noinline]] Pte* Pages::find_entry(VAddr address) {
    const Walk found = walk(*window<PageTable>(known_.root), address);
    if (found.level != 0)
        return nullptr;
    known_.table = window<PageTable>(PAddr(physical(&found.entry).value & ~mask(abi::page_bits)));
    known_.region = address.value >> level_bits(1);
    return &found.entry;
}

void Pages::forget_translations() {
    const vm::Space space(known_.asid, known_.root);
    if (changed_ == abi::line_bytes)
        vspace::flush_page(space, last_changed_);
    else
        vspace::flush_space(space);
    changed_ = 0;
    last_changed_ = nowhere;
}

} // namespace async
