// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The queue of an endpoint: its order, threads that leave it, badges that are cancelled, and the
/// end of the endpoint.
/// seL4 manual 4.2, 3.1.4 (CNode_CancelBadgedSends).
/// @stage{none}
#include "user/tests/fault_sel4.hpp"

namespace {

constexpr unsigned count = 4;

struct Crowd {
    Puppet puppets[count];
    CPtr endpoint = 0;

    bool create() {
        endpoint = make_endpoint();
        for (unsigned i = 0; i < count; i++)
            if (!puppets[i].create(Puppet::usual_priority + i))
                return false;
        return true;
    }
    /// Each sends, with badges from an array of capabilities.
    void send(const CPtr (&caps)[count], Syscall way = Syscall::send) {
        for (unsigned i = 0; i < count; i++) {
            const Word words[] = {i};
            puppets[i].start(way, caps[i], request(1, words));
        }
    }
};

/// The next message at the endpoint is from this puppet.
void expect_next(CPtr endpoint, Word index, const Place& place = Place::current()) {
    const Message message = poll_endpoint(endpoint);
    expect_equal("a message is there", info_word(1, 1), message.info.word, place);
    expect_equal("it comes from", index, message.words[0], place);
}

void expect_nothing(CPtr endpoint, const Place& place = Place::current()) {
    expect("nobody sends", poll_endpoint(endpoint).info.label() == nothing, place);
}

Result cancel(CPtr slot, Word depth = full_depth) {
    return invoke(own_cnode, abi::CNodeCancelBadgedSends{slot, depth});
}

} // namespace

TEST("ipc queue: first come, first served, whatever the priorities") {
    Crowd crowd;
    if (!crowd.create())
        return;
    for (const Syscall way : {Syscall::send, Syscall::call}) {
        crowd.send({crowd.endpoint, crowd.endpoint, crowd.endpoint, crowd.endpoint}, way);
        for (unsigned i = 0; i < count; i++)
            expect_next(crowd.endpoint, i);
        expect_nothing(crowd.endpoint);
    }
    for (Puppet& puppet : crowd.puppets)
        puppet.start(Syscall::receive, crowd.endpoint);
    for (Word i = 0; i < count; i++) {
        sel4::send(crowd.endpoint, {.info = MessageInfo::make(2, 1), .words = {i}});
        expect_equal("received in order", i, crowd.puppets[i].word(0));
    }
}

TEST("ipc queue: threads leave it from anywhere") {
    Crowd crowd;
    if (!crowd.create())
        return;
    const CPtr caps[] = {crowd.endpoint, crowd.endpoint, crowd.endpoint, crowd.endpoint};
    for (unsigned leaving = 0; leaving < count; leaving++) {
        crowd.send(caps);
        expect_success("suspend", tcb_suspend(crowd.puppets[leaving].tcb()));
        for (unsigned i = 0; i < count; i++)
            if (i != leaving)
                expect_next(crowd.endpoint, i);
        expect_nothing(crowd.endpoint);
        expect_success("resume", tcb_resume(crowd.puppets[leaving].tcb()));
        expect_next(crowd.endpoint, leaving);
    }
    crowd.send(caps);
    for (const unsigned deleted : {1U, 3U, 0U})
        allocator.destroy(crowd.puppets[deleted].tcb());
    expect_next(crowd.endpoint, 2);
    expect_nothing(crowd.endpoint);
}

TEST("ipc queue: a thread that is resumed while it waits goes to the end") {
    Crowd crowd;
    if (!crowd.create())
        return;
    crowd.send({crowd.endpoint, crowd.endpoint, crowd.endpoint, crowd.endpoint});
    expect_success("resume", tcb_resume(crowd.puppets[1].tcb()));
    for (const unsigned next : {0U, 2U, 3U, 1U})
        expect_next(crowd.endpoint, next);
}

TEST("ipc queue: cancelling badged sends needs every right, to an endpoint") {
    const CPtr endpoint = make_endpoint();
    for (Word rights = 0; rights < abi::all_rights; rights++)
        expect_error("a right is missing", Error::illegal_operation,
                     cancel(minted(endpoint, 1, rights)));
    expect_error("an empty slot", Error::illegal_operation, cancel(empty_slot()));
    expect_error("a notification", Error::illegal_operation,
                 cancel(minted(make(ObjectType::notification), 1)));
    expect_error("a thread", Error::illegal_operation, cancel(make(ObjectType::tcb)));
    expect_error("depth", Error::range_error, cancel(endpoint, 65), {1, 64});
    expect_error("no slot", Error::failed_lookup, cancel(Word{1} << 40),
                 {0, guard_mismatch_fault, 64, 0, root_guard_bits});
    const Word label = static_cast<Word>(abi::Label::cnode_cancel_badged_sends);
    for (Word length = 0; length < 2; length++)
        expect_error("a short message", Error::truncated_message,
                     invoke_raw(own_cnode, MessageInfo::make(label, length)));
    expect_success("nobody waits", cancel(minted(endpoint, 1)));
}

TEST("ipc queue: cancelling a badge restarts its senders only") {
    Crowd crowd;
    if (!crowd.create())
        return;
    const CPtr one = minted(crowd.endpoint, 1);
    const CPtr two = minted(crowd.endpoint, 2);
    const CPtr same = with_rights(one, abi::all_rights);
    for (const Syscall way : {Syscall::send, Syscall::call}) {
        const CPtr used = with_rights(one, abi::all_rights);
        crowd.send({used, two, used, crowd.endpoint}, way);
        expect_success("the senders' capability goes", cap_delete(used));
        expect_success("cancel", cancel(same));
        for (const unsigned i : {0U, 2U}) {
            expect("it sends again, to nothing", crowd.puppets[i].done());
            if (way == Syscall::call)
                expect_equal("error", info_word(2, 1), crowd.puppets[i].info().word);
            else
                crowd.puppets[i].expect_preserved();
        }
        expect_next(crowd.endpoint, 1);
        expect_next(crowd.endpoint, 3);
        expect_nothing(crowd.endpoint);
    }
}

TEST("ipc queue: cancelled senders that can send again go to the end") {
    Crowd crowd;
    if (!crowd.create())
        return;
    const CPtr one = minted(crowd.endpoint, 1);
    const CPtr two = minted(crowd.endpoint, 2);
    crowd.send({one, two, one, two});
    expect_success("cancel", cancel(one));
    expect("they wait again", !crowd.puppets[0].done() && !crowd.puppets[2].done());
    expect_next(crowd.endpoint, 1);
    expect_next(crowd.endpoint, 3);
    // Of those that were restarted together the more important one was first.
    expect_next(crowd.endpoint, 2);
    expect_next(crowd.endpoint, 0);
    expect_nothing(crowd.endpoint);
}

TEST("ipc queue: cancelling without a badge, or another one, restarts nobody") {
    Crowd crowd;
    if (!crowd.create())
        return;
    const CPtr one = minted(crowd.endpoint, 1);
    crowd.send({one, crowd.endpoint, one, crowd.endpoint});
    expect_success("no badge", cancel(crowd.endpoint));
    expect_success("another badge", cancel(minted(crowd.endpoint, 3)));
    for (unsigned i = 0; i < count; i++)
        expect_next(crowd.endpoint, i);
    for (Puppet& puppet : crowd.puppets)
        puppet.start(Syscall::receive, one);
    expect_success("receivers stay", cancel(one));
    sel4::send(crowd.endpoint, {.info = MessageInfo::make(2, 0)});
    expect("the first still waited", crowd.puppets[0].done());
}

TEST("ipc queue: who waits to send starts again when the endpoint is deleted") {
    Crowd crowd;
    if (!crowd.create())
        return;
    const CPtr copy = with_rights(crowd.endpoint, abi::all_rights);
    for (unsigned i = 0; i < count; i++)
        crowd.puppets[i].start(i % 2 == 0 ? Syscall::send : Syscall::call, copy, request(1));
    expect_success("one of two capabilities", cap_delete(copy));
    for (const Puppet& puppet : crowd.puppets)
        expect("it waits as long as the endpoint is there", !puppet.done());
    allocator.destroy(crowd.endpoint);
    for (unsigned i = 0; i < count; i++) {
        if (i % 2 == 0)
            crowd.puppets[i].expect_preserved();
        else
            expect_equal("error", info_word(2, 1), crowd.puppets[i].info().word);
    }
}

TEST("ipc queue: who waits to receive faults when the endpoint is deleted") {
    Crowd crowd;
    if (!crowd.create())
        return;
    const FaultHandler first(crowd.puppets[0]);
    const FaultHandler second(crowd.puppets[1]);
    const CPtr gone = crowd.endpoint;
    crowd.puppets[0].start(Syscall::receive, gone);
    crowd.puppets[1].start(Syscall::reply_receive, gone);
    allocator.destroy(gone);
    first.expect(abi::Fault::capability,
                 {crowd.puppets[0].registers().pc, gone, 1, missing_capability_fault, 0});
    second.expect(abi::Fault::capability,
                  {crowd.puppets[1].registers().pc, gone, 1, missing_capability_fault, 0});
}

TEST("ipc queue: an endpoint is deleted with the memory it was made of") {
    Crowd crowd;
    if (!crowd.create())
        return;
    const CPtr untyped = make(ObjectType::untyped, 12);
    const CPtr endpoint = empty_slot();
    expect_success("retype", untyped_retype(untyped, ObjectType::endpoint, 0, endpoint));
    crowd.send({endpoint, endpoint, endpoint, endpoint}, Syscall::call);
    expect_success("revoke", cap_revoke(untyped));
    for (const Puppet& puppet : crowd.puppets)
        expect_equal("error", info_word(2, 1), puppet.info().word);
    expect_success("the memory is free", untyped_retype(untyped, ObjectType::page, 0, endpoint));
}
