// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// See peer_space.hpp. The process can empty its own slots and map what it likes where its windows
/// are: what then fails is an error for whoever wanted to connect.
/// @stage{5}
#include "user/lib/peer_space.hpp"

namespace user {

using broker::Error;

bool PeerSpace::create(Allocator& memory, VSpace& space, CPtr cnode) {
    constexpr Word area = most_peers * window_bytes + page_size; // the own hint is behind them
    memory_ = &memory;
    space_ = &space;
    cnode_ = cnode;
    notification_ = memory.make(ObjectType::notification);
    hint_ = memory.make(ObjectType::page);
    spare_ = memory.make(ObjectType::page);
    address_ = space.reserve(area, Word{1} << abi::mega_page_bits); // one page table is enough
    return notification_ != 0 && hint_ != 0 && spare_ != 0 && address_ != 0 &&
           bool(space.map(hint_, hint_address()));
}

void PeerSpace::forget() {
    for (uint32_t& slot : slots_)
        slot = 0;
    made_ = 0;
}

Error PeerSpace::make_buffer(unsigned peer, unsigned pages) {
    made_ |= 1U << peer;
    for (unsigned page = 0; page < pages; page++) {
        const CPtr frame = memory_->make(ObjectType::page);
        slot_of(peer, page) = static_cast<uint32_t>(frame);
        if (frame == 0)
            return Error::no_memory;
        if (!space_->map(frame, address(peer) + page * page_size))
            return Error::no_access;
    }
    return Error::none;
}

/// A copy of a frame's capability in a slot of the window, mapped in its place.
bool PeerSpace::copy(unsigned peer, unsigned page, CPtr frame, Word rights) {
    const CPtr slot = memory_->slot();
    slot_of(peer, page) = static_cast<uint32_t>(slot);
    return slot != 0 && sel4::cap_copy(frame, slot) &&
           space_->map(slot, address(peer) + page * page_size, rights);
}

Error PeerSpace::take_buffer(unsigned peer, const PeerSpace& other, unsigned others_window,
                             bool shares_space) {
    const uint32_t* const frames = other.slots_ + Word{others_window} * window_pages;
    for (unsigned page = 0; page < buffer_pages && frames[page] != 0; page++)
        if (!copy(peer, page, frames[page], read_write))
            return Error::no_access;
    const CPtr slot = first_peer_space + peer;
    if (shares_space &&
        (!empty_slot(slot) || !mint(slot, other.space_->root(), abi::all_rights, 0)))
        return Error::no_access;
    return Error::none;
}

Error PeerSpace::take_peer(unsigned peer, const PeerSpace& other, Word badge) {
    const CPtr slot = first_peer_slot + peer;
    const bool taken = copy(peer, buffer_pages, other.hint_, abi::Rights::read) &&
                       empty_slot(slot) &&
                       mint(slot, other.notification_, abi::Rights::write, badge);
    return taken ? Error::none : Error::no_access;
}

bool PeerSpace::give_signal(unsigned peer, CPtr notification, Word badge) {
    return mint(first_peer_slot + peer, notification, abi::Rights::write, badge);
}

bool PeerSpace::map_here(unsigned peer, Word vaddr) {
    for (unsigned page = 0; page < buffer_pages && slot_of(peer, page) != 0; page++) {
        const CPtr slot = memory_->slot();
        if (slot == 0 || !sel4::cap_copy(slot_of(peer, page), slot) ||
            !vspace.map(slot, vaddr + page * page_size))
            return false;
    }
    return true;
}

void PeerSpace::clear(unsigned peer) {
    for (unsigned page = 0; page < window_pages; page++) {
        uint32_t& slot = slot_of(peer, page);
        if (slot == 0)
            continue;
        if (page < buffer_pages && (made_ >> peer & 1) != 0)
            memory_->destroy(slot);
        else
            memory_->release_slot(slot);
        slot = 0;
    }
    made_ &= ~(1U << peer);
    empty_slot(first_peer_slot + peer);
    empty_slot(first_peer_space + peer);
}

bool PeerSpace::mend(Word vaddr) {
    if (vaddr < address_ || vaddr >= hint_address())
        return false;
    const Word place = (vaddr - address_) / page_size;
    const CPtr slot = slots_[place];
    // A slot that is not empty has a page, whatever the fault was.
    return slot != 0 && sel4::cap_copy(spare_, slot) && space_->map(slot, vaddr & ~(page_size - 1));
}

/// Of the process.
bool PeerSpace::empty_slot(CPtr slot) {
    return bool(sel4::invoke(cnode_, abi::CNodeDelete{.index = slot, .depth = cnode_bits}));
}

bool PeerSpace::mint(CPtr slot, CPtr cap, Word rights, Word badge) {
    if (badge == 0)
        return bool(sel4::invoke(cnode_,
                                 abi::CNodeCopy{slot, cnode_bits, cap, sel4::full_depth, rights},
                                 sel4::own_cnode));
    return bool(sel4::invoke(cnode_,
                             abi::CNodeMint{slot, cnode_bits, cap, sel4::full_depth, rights, badge},
                             sel4::own_cnode));
}

} // namespace user
