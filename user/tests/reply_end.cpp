// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Calls that end without an answer: one of the two threads, or the reply capability, goes away.
/// seL4 manual 4.2.4.
/// @stage{none}
#include "user/tests/reply.hpp"

namespace {

/// The caller waits for nobody; resumed, it calls again and can be answered.
void expect_calls_again(Conversation& talk, const Place& place = Place::current()) {
    expect("the caller waits", !talk.caller.done(), place);
    expect_success("resume", tcb_resume(talk.caller.tcb()), place);
    expect_equal("it calls again", info_word(0xca11, 0), poll_endpoint(talk.endpoint).info.word,
                 place);
    reply({.info = MessageInfo::make(0x99, 0)});
    expect_equal("it is answered", info_word(0x99, 0), talk.caller.info().word, place);
}

} // namespace

TEST("reply: another receive drops the caller") {
    Conversation talk;
    if (!talk.create())
        return;
    for (const Syscall way : {Syscall::receive, Syscall::non_blocking_receive}) {
        talk.call();
        talk.server.start(way, talk.endpoint);
        talk.server.start(Syscall::reply, 0, request(1));
        expect("a reply is for nobody", !talk.caller.done());
        expect_empty(talk.saved());
        expect_calls_again(talk);
    }
}

TEST("reply: a receive that faults does not drop the caller") {
    Conversation talk;
    if (!talk.create())
        return;
    const FaultHandler handler(talk.server);
    talk.call();
    const CPtr unreadable = with_rights(talk.endpoint, abi::Rights::write);
    talk.server.start(Syscall::receive, unreadable);
    handler.expect(abi::Fault::capability,
                   {talk.server.registers().pc, unreadable, 1, missing_capability_fault, 0});
    talk.server.start(Syscall::reply, 0, request(1));
    expect_equal("it is answered", info_word(1, 0), talk.caller.info().word);
}

TEST("reply: waiting for a notification does not drop the caller") {
    Conversation talk;
    if (!talk.create())
        return;
    const CPtr notification = make(ObjectType::notification);
    talk.call();
    talk.server.start(Syscall::receive, notification);
    signal(notification);
    talk.server.start(Syscall::non_blocking_receive, notification);
    talk.server.start(Syscall::reply, 0, request(1));
    expect_equal("it is answered", info_word(1, 0), talk.caller.info().word);
}

TEST("reply: a saved capability that is deleted leaves the caller waiting") {
    Conversation talk;
    if (!talk.create())
        return;
    talk.call();
    expect_success("delete", cap_delete(talk.saved()));
    expect_calls_again(talk);
}

TEST("reply: a saved capability goes with the CNode it is in") {
    Conversation talk;
    if (!talk.create())
        return;
    const CPtr cnode = make(ObjectType::cnode, 2);
    talk.call();
    const CPtr saved = talk.saved();
    expect_success("move it there",
                   invoke(cnode, abi::CNodeMove{1, 2, saved, full_depth}, own_cnode));
    allocator.destroy(cnode);
    expect_calls_again(talk);
}

TEST("reply: a caller that is suspended takes the capability back") {
    Conversation talk;
    if (!talk.create())
        return;
    talk.call();
    expect_success("suspend", tcb_suspend(talk.caller.tcb()));
    talk.server.start(Syscall::reply, 0, request(1));
    expect_empty(talk.saved());
    expect_calls_again(talk);
    talk.call();
    const CPtr saved = talk.saved();
    expect_success("suspend", tcb_suspend(talk.caller.tcb()));
    expect_empty(saved);
    expect_calls_again(talk);
}

TEST("reply: a caller that is resumed calls again, and the old capability is gone") {
    Conversation talk;
    if (!talk.create())
        return;
    talk.call();
    const CPtr saved = talk.saved();
    expect_calls_again(talk);
    expect_empty(saved);
}

TEST("reply: a caller that is deleted takes the capability along") {
    Conversation talk;
    if (!talk.create())
        return;
    talk.call();
    const CPtr saved = talk.saved();
    allocator.destroy(talk.caller.tcb());
    expect_empty(saved);
    send(saved, {});
    // And from the server's own slot.
    Puppet other;
    if (!other.create())
        return;
    talk.server.start(Syscall::receive, talk.endpoint);
    other.start(Syscall::call, talk.endpoint);
    allocator.destroy(other.tcb());
    talk.server.start(Syscall::reply, 0, request(1));
    talk.server.expect_preserved();
    expect_empty(talk.saved());
}

TEST("reply: a server that is deleted leaves its caller waiting") {
    Conversation talk;
    if (!talk.create())
        return;
    talk.call();
    allocator.destroy(talk.server.tcb());
    expect_calls_again(talk);
}

TEST("reply: a server that is suspended can answer when it is resumed") {
    Conversation talk;
    if (!talk.create())
        return;
    talk.call();
    expect_success("suspend", tcb_suspend(talk.server.tcb()));
    expect("the caller waits", !talk.caller.done());
    talk.server.start(Syscall::reply, 0, request(1));
    expect_equal("it is answered", info_word(1, 0), talk.caller.info().word);
}

TEST("reply: a caller whose endpoint is deleted is answered all the same") {
    Conversation talk;
    if (!talk.create())
        return;
    talk.call();
    allocator.destroy(talk.endpoint);
    talk.server.start(Syscall::reply, 0, request(1));
    expect_equal("it is answered", info_word(1, 0), talk.caller.info().word);
}

TEST("reply: a caller that gets new registers calls no more") {
    Conversation talk;
    if (!talk.create())
        return;
    talk.call();
    const CPtr saved = talk.saved();
    // start() writes its registers and resumes it.
    talk.caller.start(Syscall::yield);
    expect("it does something else", talk.caller.done());
    expect_empty(saved);
    talk.call();
    talk.server.start(Syscall::reply, 0, request(2));
    expect_equal("later calls are answered", info_word(2, 0), talk.caller.info().word);
}

TEST("reply: a server can answer a thread of another priority") {
    for (const Word priority : {Word{205}, Word{220}, Word{254}}) {
        Conversation talk;
        talk.endpoint = make_endpoint();
        if (!talk.caller.create(priority) || !talk.server.create())
            return;
        talk.call();
        talk.server.start(Syscall::reply_receive, talk.endpoint, request(3));
        expect_equal("it is answered", info_word(3, 0), talk.caller.info().word);
        expect("and the server waits", !talk.server.done());
    }
}

TEST("reply: a thread can answer itself to nobody") {
    Conversation talk;
    if (!talk.create())
        return;
    // A thread never run before has no caller, nor has one whose caller was answered.
    talk.server.start(Syscall::reply, talk.endpoint, request(1));
    talk.server.expect_preserved();
    talk.call();
    talk.server.start(Syscall::reply, 0, request(1));
    talk.server.start(Syscall::reply, 0, request(2));
    expect_equal("the first answer counts", info_word(1, 0), talk.caller.info().word);
}
