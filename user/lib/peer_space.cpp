// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// See peer_space.hpp. The process can empty its own slots and map what it likes where its windows
/// are: what then fails is an error for whoever wanted to connect.
/// @stage{5}
#include "user/lib/peer_space.hpp"

#include <bit>
#include <utility>

namespace user {

using broker::Error;

bool PeerSpace::create(Allocator& memory, VSpace& space, const Parts& parts) {
    memory_ = &memory;
    space_ = &space;
    parts_ = parts;
    address_ = space.reserve(windows_bytes(peers()), Word{1} << abi::mega_page_bits);
    return address_ != 0 && bool(space.map(parts.hint, hint_address()));
}

Error PeerSpace::make_buffer(unsigned peer, unsigned pages) {
    Place& place = parts_.places[peer];
    const unsigned bits = abi::page_bits + static_cast<unsigned>(std::bit_width(pages - 1));
    place.memory = static_cast<uint32_t>(memory_->make(ObjectType::untyped, bits));
    place.row = static_cast<uint32_t>(memory_->slot(pages + 1));
    place.pages = static_cast<uint16_t>(pages);
    if (place.memory == 0 || place.row == 0 ||
        !sel4::untyped_retype(place.memory, ObjectType::page, 0, place.row, pages))
        return Error::no_memory;
    for (unsigned page = 0; page < pages; page++)
        if (!space_->map(place.row + page, address(peer) + page * page_size))
            return Error::no_access;
    return Error::none;
}

/// A copy of a frame's capability in a slot of a window, mapped in its place.
bool PeerSpace::copy(CPtr slot, CPtr frame, Word vaddr, Word rights) {
    return sel4::cap_copy(frame, slot) && space_->map(slot, vaddr, rights);
}

Error PeerSpace::take_buffer(unsigned peer, const PeerSpace& other, unsigned others_window,
                             bool shares_space) {
    const Place& others = other.parts_.places[others_window];
    Place& place = parts_.places[peer];
    place.row = static_cast<uint32_t>(memory_->slot(others.pages + 1U));
    place.pages = others.pages;
    if (place.row == 0)
        return Error::too_many_peers;
    for (unsigned page = 0; page < place.pages; page++)
        if (!copy(place.row + page, others.row + page, address(peer) + page * page_size,
                  read_write))
            return Error::no_access;
    const CPtr slot = space_slot(peer);
    if (shares_space &&
        (!empty_slot(slot) || !mint(slot, other.space_->root(), abi::all_rights, 0)))
        return Error::no_access;
    return Error::none;
}

Error PeerSpace::take_peer(unsigned peer, const PeerSpace& other, Word badge) {
    Place& place = parts_.places[peer];
    const CPtr slot = signal_slot(peer);
    place.hint = 1;
    const bool taken = copy(place.row + place.pages, other.parts_.hint,
                            address(peer) + buffer_pages * page_size, abi::Rights::read) &&
                       empty_slot(slot) &&
                       mint(slot, other.notification(), abi::Rights::write, badge);
    return taken ? Error::none : Error::no_access;
}

bool PeerSpace::give_signal(unsigned peer, CPtr notification, Word badge) {
    return mint(signal_slot(peer), notification, abi::Rights::write, badge);
}

bool PeerSpace::map_here(unsigned peer, Word vaddr) {
    const Place& place = parts_.places[peer];
    for (unsigned page = 0; page < place.pages; page++) {
        const CPtr slot = memory_->slot();
        if (slot == 0 || !sel4::cap_copy(place.row + page, slot) ||
            !vspace.map(slot, vaddr + page * page_size))
            return false;
    }
    return true;
}

void PeerSpace::clear(unsigned peer) {
    const Place place = std::exchange(parts_.places[peer], {});
    if (place.memory != 0)
        memory_->destroy(place.memory);
    if (place.row != 0)
        memory_->release_slot(place.row, place.pages + 1U);
    empty_slot(signal_slot(peer));
    empty_slot(space_slot(peer));
}

bool PeerSpace::mend(Word vaddr) {
    if (vaddr < address_ || vaddr >= hint_address())
        return false;
    const Word window = (vaddr - address_) / window_bytes;
    const Word page = (vaddr - address_) % window_bytes / page_size;
    const Place& place = parts_.places[window];
    const bool is_hint = page == buffer_pages && place.hint != 0;
    if (place.row == 0 || (page >= place.pages && !is_hint))
        return false;
    const CPtr slot = place.row + (is_hint ? place.pages : page);
    // A slot that is not empty has a page, whatever the fault was.
    return sel4::cap_copy(parts_.spare, slot) && space_->map(slot, vaddr & ~(page_size - 1));
}

/// Of the process.
bool PeerSpace::empty_slot(CPtr slot) {
    return bool(
        sel4::invoke(parts_.cnode, abi::CNodeDelete{.index = slot, .depth = parts_.cnode_bits}));
}

bool PeerSpace::mint(CPtr slot, CPtr cap, Word rights, Word badge) {
    const Word depth = parts_.cnode_bits;
    if (badge == 0)
        return bool(sel4::invoke(parts_.cnode,
                                 abi::CNodeCopy{slot, depth, cap, sel4::full_depth, rights},
                                 sel4::own_cnode));
    return bool(sel4::invoke(parts_.cnode,
                             abi::CNodeMint{slot, depth, cap, sel4::full_depth, rights, badge},
                             sel4::own_cnode));
}

} // namespace user
