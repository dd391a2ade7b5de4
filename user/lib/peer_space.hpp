// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The part of a process that its peers share: a notification, a page with its hint, and a window
/// for each peer (peers.hpp). Whoever started the process fills the windows.
///
///     client's memory ──> buffer ──mapped──> window a of the client
///                            └─copies─mapped──> window b of the server
///
/// If the client goes, its memory is revoked, and the server has a window without pages; a thread
/// that touches one faults, and gets the process's spare page there: what it reads and writes is
/// then of no use to anybody. One page serves all such places.
/// Always holds: a slot of a window is lent for each page that is or was mapped in it, so to mend a
/// window takes neither memory nor slots.
/// Read next: peer_space.cpp, user/root/broker.cpp.
/// @stage{5}
#pragma once

#include "user/lib/peers.hpp"
#include "user/lib/program.hpp"

namespace user {

class PeerSpace {
public:
    /// Makes it from the process's own memory. `cnode`: of the process.
    bool create(Allocator& memory, VSpace& space, CPtr cnode);
    /// The process was destroyed.
    void forget();

    [[nodiscard]] CPtr notification() const { return notification_; }
    [[nodiscard]] Word address() const { return address_; }
    [[nodiscard]] Word address(unsigned peer) const { return address_ + peer * window_bytes; }
    [[nodiscard]] Word hint_address() const { return address_ + most_peers * window_bytes; }

    /// A new buffer in a window, from the process's memory.
    broker::Error make_buffer(unsigned peer, unsigned pages);
    /// The buffer in a window of another process in this one's too. `shares_space`: so is the
    /// right to map in its address space.
    broker::Error take_buffer(unsigned peer, const PeerSpace& other, unsigned others_window,
                              bool shares_space);
    /// What else this process needs of a peer: its hint, and how to signal it.
    broker::Error take_peer(unsigned peer, const PeerSpace& other, Word badge);
    /// The process can signal somebody who is no such process.
    bool give_signal(unsigned peer, CPtr notification, Word badge);
    /// Maps the buffer in a window here, in the own address space.
    bool map_here(unsigned peer, Word vaddr);
    /// Empties a window.
    void clear(unsigned peer);

    /// Maps the spare page at an address in some window that has lost its page. False if it has
    /// not: then the fault is a fault.
    bool mend(Word vaddr);

private:
    [[nodiscard]] uint32_t& slot_of(unsigned peer, unsigned page) {
        return slots_[peer * window_pages + page];
    }
    bool copy(unsigned peer, unsigned page, CPtr frame, Word rights);
    bool empty_slot(CPtr slot);
    bool mint(CPtr slot, CPtr cap, Word rights, Word badge);

    Allocator* memory_ = nullptr;
    VSpace* space_ = nullptr;
    CPtr cnode_ = 0;
    CPtr notification_ = 0;
    CPtr hint_ = 0;
    CPtr spare_ = 0;
    Word address_ = 0;
    uint32_t slots_[most_peers * window_pages] = {}; ///< of frames; 0: none
    uint32_t made_ = 0; ///< windows whose buffer is of this process's memory, as bits
};

} // namespace user
