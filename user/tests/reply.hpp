// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What the tests of replies share: a caller, a server, and the endpoint between them.
/// @stage{none}
#pragma once

#include "user/tests/fault_sel4.hpp"
#include "user/tests/ipc_caps.hpp"

struct Conversation {
    Puppet caller;
    Puppet server;
    CPtr endpoint = 0;

    bool create(const Place& place = Place::current()) {
        endpoint = make_endpoint(place);
        return caller.create(Puppet::usual_priority, place) &&
               server.create(Puppet::usual_priority, place);
    }

    /// The caller calls, and waits for the server's answer.
    void call(CPtr receiving = 0, const Place& place = Place::current()) {
        server.start(Syscall::receive, receiving != 0 ? receiving : endpoint);
        caller.start(Syscall::call, endpoint, request(0xca11));
        expect("the server was called", server.done(), place);
        expect("the caller waits", !caller.done(), place);
    }

    /// The server saves who called it: the slot.
    CPtr saved(const Place& place = Place::current()) {
        const CPtr slot = empty_slot();
        const Word words[] = {slot, full_depth};
        const Word label = static_cast<Word>(abi::Label::cnode_save_caller);
        server.start(Syscall::call, own_cnode, request(label, words));
        expect_equal("save the caller", 0, server.info().word, place);
        return slot;
    }
};
