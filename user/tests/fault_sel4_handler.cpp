// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Fault handlers: which capabilities can be one, in whose CSpace they are looked up, and what
/// becomes of a thread that has none, or whose handler faults itself.
/// seL4 manual 6.1.
/// @stage{none}
#include "user/tests/fault_sel4.hpp"

namespace {

/// The thread was suspended where it faulted; resumed, with a handler, it faults again.
void expect_suspended(Puppet& puppet, const Place& place = Place::current()) {
    expect_equal("it stopped at", address_of(fault_breakpoint), puppet.registers().pc, place);
    const FaultHandler handler(puppet);
    handler.expect_none(place);
    expect_success("resume", tcb_resume(puppet.tcb()), place);
    handler.expect(abi::Fault::user_exception,
                   {address_of(fault_breakpoint), puppet.registers().sp, 3, 0}, place);
}

void fault(Puppet& puppet) { puppet.run(puppet.fresh(), fault_breakpoint); }

} // namespace

TEST("fault: without a handler the thread is suspended") {
    Puppet puppet;
    if (!puppet.create())
        return;
    const CPtr missing[] = {0,         empty_slot(),           Word{1} << 40,
                            own_cnode, make(ObjectType::page), make(ObjectType::notification)};
    for (const CPtr handler : missing) {
        puppet.set_fault_handler(handler);
        fault(puppet);
        expect_suspended(puppet);
    }
}

TEST("fault: a handler needs the right to write, and one to be answered") {
    Puppet puppet;
    Puppet server;
    if (!puppet.create() || !server.create())
        return;
    const CPtr endpoint = make_endpoint();
    for (Word rights = 0; rights <= abi::all_rights; rights++) {
        server.start(Syscall::receive, endpoint);
        const bool enough = (rights & abi::Rights::write) != 0 &&
                            (rights & (abi::Rights::grant | abi::Rights::grant_reply)) != 0;
        puppet.set_fault_handler(with_rights(endpoint, rights));
        fault(puppet);
        expect_equal("the handler is told", enough, server.done());
        if (!enough)
            expect_suspended(puppet);
    }
}

TEST("fault: a handler that comes later receives the fault") {
    Puppet puppet;
    if (!puppet.create())
        return;
    const FaultHandler handler(puppet, 0xb);
    fault(puppet);
    Puppet server;
    if (!server.create())
        return;
    server.start(Syscall::receive, handler.endpoint());
    expect_equal("badge", 0xb, server.badge());
    expect_equal("exception", info_word(3, 4), server.info().word);
    server.expect_preserved(a0, a5);
    const Word words[] = {address_of(fault_breakpoint) + 4};
    server.start(Syscall::reply_receive, handler.endpoint(), request(0, words));
    expect("the second breakpoint comes to the same handler", server.done());
    expect_equal("pc", words[0], server.word(0));
}

TEST("fault: a handler that is deleted, or its endpoint, leaves the thread suspended") {
    Puppet puppet;
    if (!puppet.create())
        return;
    const CPtr endpoint = make_endpoint();
    puppet.set_fault_handler(endpoint);
    fault(puppet); // waits in the queue
    allocator.destroy(endpoint);
    expect_suspended(puppet);
    const CPtr other = make_endpoint();
    const CPtr copy = with_rights(other, abi::all_rights);
    puppet.set_fault_handler(copy);
    expect_success("delete the thread's capability", cap_delete(copy));
    fault(puppet);
    expect_suspended(puppet);
}

TEST("fault: a thread that waits for its handler can be resumed, and faults again") {
    Puppet puppet;
    if (!puppet.create())
        return;
    const FaultHandler handler(puppet);
    const auto expect_fault = [&] {
        handler.expect(abi::Fault::user_exception,
                       {address_of(fault_breakpoint), puppet.registers().sp, 3, 0});
    };
    fault(puppet);
    expect_success("resume before it is received", tcb_resume(puppet.tcb()));
    expect_fault();
    handler.expect_none(); // which drops the caller
    expect_success("resume while nobody can answer", tcb_resume(puppet.tcb()));
    expect_fault();
    expect_success("resume while it can be answered", tcb_resume(puppet.tcb()));
    expect_fault();
    expect_success("suspend", tcb_suspend(puppet.tcb()));
    answer_fault(0, {address_of(fault_breakpoint) + 4});
    handler.expect_none();
    expect_equal("pc", address_of(fault_breakpoint), puppet.registers().pc);
}

TEST("fault: after a fault was given up, the thread sends normal messages") {
    Puppet puppet;
    if (!puppet.create())
        return;
    const FaultHandler handler(puppet);
    fault(puppet); // waits in the queue
    const CPtr endpoint = make_endpoint();
    puppet.start(Syscall::call, endpoint, request(0x11));
    handler.expect_none();
    expect_equal("its message", info_word(0x11, 0), poll_endpoint(endpoint).info.word);
    reply({.info = MessageInfo::make(0x12, 0)});
    expect_equal("its answer", info_word(0x12, 0), puppet.info().word);
    puppet.set_fault_handler(0);
    fault(puppet);
    puppet.start(Syscall::call, endpoint, request(0x11));
    expect_equal("its message", info_word(0x11, 0), poll_endpoint(endpoint).info.word);
}

TEST("fault: one handler serves several threads, told apart by badges") {
    Puppet puppets[3];
    const CPtr endpoint = make_endpoint();
    for (Word i = 0; i < 3; i++) {
        if (!puppets[i].create())
            return;
        puppets[i].set_fault_handler(minted(endpoint, 100 + i));
        fault(puppets[i]);
    }
    for (Word i = 0; i < 3; i++) {
        const Message message = poll_endpoint(endpoint);
        expect_equal("badge", 100 + i, message.badge);
        expect_equal("exception", info_word(3, 4), message.info.word);
    }
}

TEST("fault: a handler that faults has a handler of its own") {
    Puppet puppet;
    Puppet server;
    if (!puppet.create() || !server.create())
        return;
    const FaultHandler inner(puppet);
    const FaultHandler outer(server, 2);
    fault(puppet);
    server.start(Syscall::receive, inner.endpoint());
    expect_equal("it is told", info_word(3, 4), server.info().word);
    // The server faults before it answers; its caller is not lost.
    server.run(server.fresh(), fault_zero);
    outer.expect(abi::Fault::user_exception, {address_of(fault_zero), server.registers().sp, 2, 0});
    answer_fault(1);
    const Word words[] = {address_of(fault_breakpoint) + 4};
    server.start(Syscall::reply, 0, request(0, words));
    inner.expect(abi::Fault::user_exception, {words[0], puppet.registers().sp, 3, 0});
}

TEST("fault: a thread that is its own handler waits for ever") {
    Puppet puppet;
    if (!puppet.create())
        return;
    const FaultHandler handler(puppet);
    // It faults in a receive from the endpoint that its fault is sent to: nobody receives.
    puppet.start(Syscall::receive, with_rights(handler.endpoint(), abi::Rights::write));
    const Word pc = puppet.registers().pc;
    const Message message = poll_endpoint(handler.endpoint());
    expect_equal("the fault waits", info_word(1, 5), message.info.word);
    expect_equal("pc", pc, message.words[0]);
}

TEST("fault: faults tell priorities nothing: they queue up with other messages") {
    Puppet puppet;
    Puppet sender;
    if (!puppet.create() || !sender.create())
        return;
    const FaultHandler handler(puppet);
    sender.start(Syscall::send, handler.endpoint(), request(9));
    fault(puppet);
    expect_equal("the message", info_word(9, 0), poll_endpoint(handler.endpoint()).info.word);
    handler.expect(abi::Fault::user_exception,
                   {address_of(fault_breakpoint), puppet.registers().sp, 3, 0});
}
