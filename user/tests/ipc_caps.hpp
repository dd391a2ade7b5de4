// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What the tests of capabilities in messages share: a sender, an endpoint, and a receiver that
/// names a slot.
/// @stage{none}
#pragma once

#include "user/tests/puppet.hpp"

struct CapLine {
    static constexpr Word label = 0xcab;

    Puppet sender;
    Puppet receiver;
    CPtr endpoint = 0;
    CPtr sending = 0; ///< what the sender sends with

    bool create(Word rights = abi::all_rights, const Place& place = Place::current()) {
        endpoint = make_endpoint(place);
        sending = with_rights(endpoint, rights, place);
        return sender.create(Puppet::usual_priority, place) &&
               receiver.create(Puppet::usual_priority, place);
    }

    /// The receiver names an empty slot for the next capability.
    CPtr fresh_slot() const {
        const CPtr slot = empty_slot();
        receiver.receive_into(slot);
        return slot;
    }

    /// One message of one word with these capabilities.
    void pass(bool receiver_first, std::initializer_list<CPtr> caps, Syscall way = Syscall::send) {
        const Word words[] = {0x1234};
        const Request message = request(label, words, {caps.begin(), caps.size()});
        if (receiver_first)
            receiver.start(Syscall::receive, endpoint);
        sender.start(way, sending, message);
        if (!receiver_first)
            receiver.start(Syscall::receive, endpoint);
    }

    /// The message came, with so many capabilities; bits tell which arrived as badges.
    void expect_received(Word caps, Word unwrapped, const Place& place = Place::current()) const {
        if (!expect("the message was received", receiver.done(), place))
            return;
        expect_equal("info", info_word(label, 1, caps, unwrapped), receiver.info().word, place);
        expect_equal("word", 0x1234, receiver.word(0), place);
    }
};

/// There is nothing in the slot.
inline void expect_empty(CPtr slot, const Place& place = Place::current()) {
    expect_error("the slot is empty", Error::failed_lookup, cap_copy(slot, empty_slot()), {},
                 place);
}
