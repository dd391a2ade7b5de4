// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Rights and badges of endpoint capabilities, and capabilities that are none.
/// seL4 manual 3.1.4, 4.2.1.
/// @stage{none}
#include "user/tests/fault_sel4.hpp"

namespace {

/// A receive with this capability is a fault, however it is made.
void expect_no_receive(Puppet& puppet, const FaultHandler& handler, CPtr cap,
                       const Place& place = Place::current()) {
    for (const Syscall way :
         {Syscall::receive, Syscall::non_blocking_receive, Syscall::reply_receive}) {
        puppet.start(way, cap);
        handler.expect(abi::Fault::capability,
                       {puppet.registers().pc, cap, 1, missing_capability_fault, 0}, place);
    }
}

/// A call answers an error; a send tells nothing.
void expect_no_send(Puppet& puppet, CPtr cap, const Place& place = Place::current()) {
    puppet.start(Syscall::call, cap, request(1));
    puppet.expect_preserved(a0, a5, place);
    expect_equal("badge", 0, puppet.badge(), place);
    expect_equal("invalid capability", info_word(2, 1), puppet.info().word, place);
    expect_equal("the one that was invoked", 0, puppet.word(0), place);
    for (const Syscall way : {Syscall::send, Syscall::non_blocking_send}) {
        puppet.start(way, cap, request(1));
        puppet.expect_preserved(0, 0, place);
    }
}

} // namespace

TEST("ipc rights: sending needs the right to write") {
    Puppet sender;
    Puppet receiver;
    const CPtr endpoint = make_endpoint();
    if (!sender.create() || !receiver.create())
        return;
    receiver.start(Syscall::receive, endpoint);
    for (const Word rights : {Word{0}, Word{2}, Word{4}, Word{8}, Word{14}})
        expect_no_send(sender, with_rights(endpoint, rights));
    expect("nothing was received", !receiver.done());
    sender.start(Syscall::send, with_rights(endpoint, abi::Rights::write));
    expect("that is all that is needed", receiver.done() && sender.done());
}

TEST("ipc rights: receiving needs the right to read") {
    Puppet sender;
    Puppet receiver;
    const CPtr endpoint = make_endpoint();
    if (!sender.create() || !receiver.create())
        return;
    const FaultHandler handler(receiver, 0x42);
    sender.start(Syscall::send, endpoint);
    for (const Word rights : {Word{0}, Word{1}, Word{4}, Word{8}, Word{13}})
        expect_no_receive(receiver, handler, with_rights(endpoint, rights));
    expect("the sender still waits", !sender.done());
    receiver.start(Syscall::receive, with_rights(endpoint, abi::Rights::read));
    expect("that is all that is needed", receiver.done() && sender.done());
}

TEST("ipc rights: a caller that can grant no reply stops for ever") {
    Puppet caller;
    Puppet receiver;
    const CPtr endpoint = make_endpoint();
    if (!caller.create() || !receiver.create())
        return;
    for (const bool receiver_first : {true, false}) {
        if (receiver_first)
            receiver.start(Syscall::receive, endpoint);
        caller.start(Syscall::call, with_rights(endpoint, abi::Rights::write), request(5));
        if (!receiver_first)
            receiver.start(Syscall::receive, endpoint);
        expect_equal("the message arrives", info_word(5, 0), receiver.info().word);
        expect("it waits", !caller.done());
        receiver.start(Syscall::reply, 0, request(6));
        expect("there is nobody to answer", !caller.done());
        const CPtr slot = empty_slot();
        expect_success("nor to save", invoke(own_cnode, abi::CNodeSaveCaller{slot, full_depth}));
        expect_success("it is not waiting, but inactive: it can be resumed",
                       tcb_resume(caller.tcb()));
        receiver.start(Syscall::receive, endpoint);
        expect_equal("it calls again", info_word(5, 0), receiver.info().word);
    }
}

TEST("ipc rights: either right to grant is enough to be answered") {
    Puppet caller;
    Puppet receiver;
    const CPtr endpoint = make_endpoint();
    if (!caller.create() || !receiver.create())
        return;
    for (const Word grant : {abi::Rights::grant, abi::Rights::grant_reply}) {
        for (const bool receiver_first : {true, false}) {
            if (receiver_first)
                receiver.start(Syscall::receive, endpoint);
            caller.start(Syscall::call, with_rights(endpoint, abi::Rights::write | grant));
            if (!receiver_first)
                receiver.start(Syscall::receive, endpoint);
            receiver.start(Syscall::reply, 0, request(6));
            expect("the caller goes on", caller.done());
            expect_equal("answer", info_word(6, 0), caller.info().word);
        }
    }
}

TEST("ipc rights: a badge has 64 bits") {
    Puppet sender;
    Puppet receiver;
    const CPtr endpoint = make_endpoint();
    if (!sender.create() || !receiver.create())
        return;
    for (const Word badge : {Word{1}, Word{1} << 63, ~Word{0}, Word{0x0123'4567'89ab'cdef}}) {
        receiver.start(Syscall::receive, endpoint);
        sender.start(Syscall::send, minted(endpoint, badge));
        expect_equal("badge", badge, receiver.badge());
    }
}

TEST("ipc rights: a badged capability keeps its badge") {
    const CPtr endpoint = make_endpoint();
    const CPtr badged = minted(endpoint, 7);
    expect_error("mint", Error::illegal_operation,
                 cap_mint(badged, empty_slot(), abi::all_rights, 8));
    expect_error("mutate", Error::illegal_operation, cap_mutate(badged, empty_slot(), 8));
    expect_error("mutate an unbadged one", Error::illegal_operation,
                 cap_mutate(endpoint, empty_slot(), 8));
    Puppet sender;
    Puppet receiver;
    if (!sender.create() || !receiver.create())
        return;
    receiver.start(Syscall::receive, badged); // the receiver's own badge does not count
    sender.start(Syscall::send, with_rights(badged, abi::Rights::write));
    expect_equal("badge", 7, receiver.badge());
}

TEST("ipc rights: rights are lost by copying, and do not come back") {
    const CPtr endpoint = make_endpoint();
    Puppet puppet;
    if (!puppet.create())
        return;
    const CPtr readable = with_rights(endpoint, abi::Rights::read);
    expect_no_send(puppet, with_rights(readable, abi::all_rights));
    expect_no_send(puppet, minted(readable, 9));
}

TEST("ipc rights: an empty slot can be invoked, but not received from") {
    Puppet puppet;
    if (!puppet.create())
        return;
    const FaultHandler handler(puppet);
    for (const CPtr empty : {CPtr{0}, empty_slot()}) {
        expect_no_send(puppet, empty);
        expect_no_receive(puppet, handler, empty);
    }
}

TEST("ipc rights: only endpoints and notifications can be received from") {
    Puppet puppet;
    if (!puppet.create())
        return;
    const FaultHandler handler(puppet);
    const CPtr others[] = {own_cnode,
                           abi::root_vspace,
                           puppet.tcb(),
                           puppet.frame(),
                           make(ObjectType::untyped, 8),
                           abi::irq_control,
                           abi::asid_control};
    for (const CPtr other : others)
        expect_no_receive(puppet, handler, other);
}

TEST("ipc rights: a pointer that cannot be resolved is a fault, but for non-blocking send") {
    Puppet puppet;
    if (!puppet.create())
        return;
    const FaultHandler handler(puppet);
    constexpr CPtr far = Word{1} << 63;
    for (const Syscall way : {Syscall::send, Syscall::call, Syscall::receive,
                              Syscall::non_blocking_receive, Syscall::reply_receive}) {
        puppet.start(way, far);
        const bool receiving = way != Syscall::send && way != Syscall::call;
        handler.expect(abi::Fault::capability, {puppet.registers().pc, far, receiving ? 1U : 0U,
                                                guard_mismatch_fault, 64, 0, root_guard_bits});
    }
    puppet.start(Syscall::non_blocking_send, far);
    puppet.expect_preserved();
}
