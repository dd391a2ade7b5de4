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
    /// What is in a window. All zero: nothing.
    struct Place {
        uint32_t memory; ///< the untyped of a buffer that is of this process's memory; 0: it is not
        uint32_t row;    ///< slots: one for each page of the buffer, and one for the hint
        uint16_t pages;  ///< of the buffer
        uint16_t hint;   ///< 1: the hint of the peer was mapped
    };

    /// What it is made of, all of the process; slots of the process's CNode are those of peers.
    struct Parts {
        CPtr cnode = 0;
        unsigned cnode_bits = 0;
        CPtr first_slot = 0;
        CPtr notification = 0;
        CPtr hint = 0;  ///< a frame
        CPtr spare = 0; ///< a frame
        std::span<Place> places = {};
    };

    /// Buffers are made from `memory`.
    bool create(Allocator& memory, VSpace& space, const Parts& parts);

    [[nodiscard]] CPtr notification() const { return parts_.notification; }
    [[nodiscard]] unsigned peers() const { return static_cast<unsigned>(parts_.places.size()); }
    [[nodiscard]] Word address() const { return address_; }
    [[nodiscard]] Word address(unsigned peer) const { return address_ + peer * window_bytes; }
    [[nodiscard]] Word hint_address() const { return address(peers()); }
    /// Slots of the process: what signals a peer, and its address space if that is shared.
    [[nodiscard]] CPtr signal_slot(unsigned peer) const { return parts_.first_slot + peer; }
    [[nodiscard]] CPtr space_slot(unsigned peer) const { return signal_slot(peers() + peer); }

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
    bool copy(CPtr slot, CPtr frame, Word vaddr, Word rights);
    bool empty_slot(CPtr slot);
    bool mint(CPtr slot, CPtr cap, Word rights, Word badge);

    Allocator* memory_ = nullptr;
    VSpace* space_ = nullptr;
    Parts parts_;
    Word address_ = 0;
};

} // namespace user
