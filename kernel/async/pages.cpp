// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// PageMap of a frame that is not mapped, to an entry that is free; PageUnmap of one that is.
/// @stage{6}
#include "kernel/async/pages.hpp"

#include "kernel/abi/invocation.hpp"
#include "kernel/cap/cspace.hpp"
#include "kernel/lib/todo.hpp"
#include "kernel/vm/asid.hpp"
#include "kernel/vm/vspace.hpp"

namespace async {

// Your own helpers: begin
// Your own helpers: end

namespace {

/// How a request of invocation `I` begins: its object, extra capabilities and words follow.
template <class I>
constexpr uint32_t request_of =
    abi::ItemInfo::make(static_cast<Word>(I::label), 1 + I::caps + abi::words_of<I>, I::caps).word;

} // namespace

bool Pages::serve(Tcb& owner, const abi::Item& request, abi::Item& reply) {
    const uint32_t info = request.info.load_relaxed();
    if (info != request_of<abi::PageMap> && info != request_of<abi::PageUnmap>)
        return false;
    Slot* slot =
        cspace::simple_slot_of(owner.slot(Tcb::cspace).cap, request.words[0].load_relaxed());
    if (slot == nullptr || !slot->cap.is<FrameCap>() || slot->cap.as<FrameCap>().level() != 0)
        return false;
    const bool done = info == request_of<abi::PageMap> ? map(*slot, owner, request) : unmap(*slot);
    if (done) {
        reply.id.store_relaxed(request.id.load_relaxed());
        reply.info.store_relaxed(0); // no error, no words
    }
    return done;
}

bool Pages::map(Slot& slot, Tcb& owner, const abi::Item& request) {
    const auto frame = slot.cap.as<FrameCap>();
    const CPtr vspace = request.words[1].load_relaxed();
    const VAddr address(request.words[2].load_relaxed());
    if (frame.mapped() || address.value >= abi::user_top - mask(abi::page_bits) ||
        !address.aligned(abi::page_bits))
        return false;
    if (!named_ || vspace != vspace_) {
        const Slot* root = cspace::simple_slot_of(owner.slot(Tcb::cspace).cap, vspace);
        if (root == nullptr || !use_space(root->cap))
            return false;
        named_ = true;
        vspace_ = vspace;
    }
    Pte* entry = entry_of(address);
    if (entry == nullptr || entry->is_valid())
        return false;
    slot.cap = frame.with_mapping({space_.asid(), address});
    change(*entry,
           vspace::leaf_of(frame, request.words[3].load_relaxed(), request.words[4].load_relaxed()),
           address);
    return true;
}

bool Pages::unmap(Slot& slot) {
    const auto frame = slot.cap.as<FrameCap>();
    const auto [asid, address] = frame.mapping();
    if (asid == Asid(0) || (asid != space_.asid() && !use_space(asid)))
        return false;
    Pte* entry = entry_of(address);
    if (entry == nullptr || !entry->is_leaf() || entry->address() != frame.base())
        return false;
    slot.cap = frame.unmapped();
    change(*entry, {}, address);
    return true;
}

bool Pages::use_space(const Cap& cap) {
    return vspace::is_root(cap) && asid::valid(cap.as<PageTableCap>().space()) &&
           use_space(cap.as<PageTableCap>().space().asid());
}

bool Pages::use_space(Asid asid) {
    clean();
    forget();
    const vm::AsidEntry* entry = asid::entry(asid);
    if (entry == nullptr || !entry->used())
        return false;
    space_ = {asid, entry->root()};
    return true;
}

Pte* Pages::entry_of(VAddr address) {
    const Word region = address.value >> level_bits(1);
    if (table_ == nullptr || region != region_) {
        const Walk found = walk(*window<PageTable>(space_.root()), address);
        if (found.level != 0)
            return nullptr;
        table_ = window<PageTable>(PAddr(physical(&found.entry).value & ~mask(abi::page_bits)));
        region_ = region;
    }
    return &table_->entry(address, 0);
}

void Pages::change(Pte& entry, Pte value, VAddr address) {
    entry = value;
    changed_++;
    last_changed_ = address;
}

void Pages::forget_translations() {
    if (changed_ == 1)
        vspace::flush_page(space_, last_changed_);
    else
        vspace::flush_space(space_);
    changed_ = 0;
}

} // namespace async
