// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Reply capabilities: saved from the TCB into a slot, used from there, and what cannot be done
/// with them.
/// seL4 manual 4.2.4.
/// Read next: reply_end.cpp.
/// @stage{none}
#include "user/tests/reply.hpp"

namespace {

constexpr Word words[] = {7, 8, 9, 10, 11, 12};

/// The caller went on with this answer.
void expect_answer(const Puppet& caller, Word label, const Place& place = Place::current()) {
    if (!expect("the caller goes on", caller.done(), place))
        return;
    expect_equal("info", info_word(label, std::size(words)), caller.info().word, place);
    for (unsigned i = 0; i < std::size(words); i++)
        expect_equal("word", words[i], caller.word(i), place);
    caller.expect_preserved(a0, a5, place);
}

} // namespace

TEST("reply: a saved capability answers, by every way to send") {
    Conversation talk;
    Puppet other;
    if (!talk.create() || !other.create())
        return;
    for (const Syscall way : {Syscall::send, Syscall::non_blocking_send, Syscall::call}) {
        talk.call();
        const CPtr saved = talk.saved();
        other.start(way, saved, request(0x600d, words));
        expect_answer(talk.caller, 0x600d);
        expect_equal("badge", 0, talk.caller.badge());
        if (way == Syscall::call) {
            other.expect_preserved(a0, a5);
            expect_equal("the call is over at once", 0, other.info().word);
            expect_equal("badge", 0, other.badge());
        } else {
            other.expect_preserved();
        }
        expect_empty(saved);
    }
}

TEST("reply: a capability answers once") {
    Conversation talk;
    if (!talk.create())
        return;
    talk.call();
    const CPtr saved = talk.saved();
    send(saved, {});
    expect("answered", talk.caller.done());
    talk.call();
    expect_error("it is used up", Error::invalid_capability, invoke_raw(saved, {}), {0});
    send(saved, {});
    non_blocking_send(saved, {});
    expect("the next call has another one", !talk.caller.done());
}

TEST("reply: who saves its caller has none any more") {
    Conversation talk;
    if (!talk.create())
        return;
    talk.call();
    const CPtr saved = talk.saved();
    talk.server.start(Syscall::reply, 0, request(1));
    expect("no reply", !talk.caller.done());
    talk.server.start(Syscall::non_blocking_receive, talk.endpoint);
    expect("a receive does not drop it", !talk.caller.done());
    talk.server.start(Syscall::send, saved, request(2, words));
    expect_answer(talk.caller, 2);
}

TEST("reply: several callers can be saved, and answered in any order") {
    Puppet callers[3];
    Conversation talk;
    if (!talk.create())
        return;
    CPtr saved[3];
    for (unsigned i = 0; i < 3; i++) {
        if (!callers[i].create())
            return;
        talk.server.start(Syscall::receive, talk.endpoint);
        callers[i].start(Syscall::call, talk.endpoint);
        saved[i] = talk.saved();
    }
    for (const unsigned i : {2U, 0U, 1U}) {
        send(saved[i], place(MessageInfo::make(i, std::size(words)), words, {}));
        expect_answer(callers[i], i);
    }
}

TEST("reply: saving into a slot that is full or not there fails") {
    Conversation talk;
    if (!talk.create())
        return;
    talk.call();
    const Word label = static_cast<Word>(abi::Label::cnode_save_caller);
    const Word full[] = {talk.endpoint, full_depth};
    const Word nowhere[] = {Word{1} << 40, full_depth};
    const Word deep[] = {empty_slot(), 65};
    talk.server.start(Syscall::call, own_cnode, request(label, std::span(full, 0)));
    expect_equal("truncated", info_word(7, 0), talk.server.info().word);
    talk.server.start(Syscall::call, own_cnode, request(label, std::span(full, 1)));
    expect_equal("truncated", info_word(7, 0), talk.server.info().word);
    talk.server.start(Syscall::call, own_cnode, request(label, full));
    expect_equal("delete first", info_word(8, 0), talk.server.info().word);
    talk.server.start(Syscall::call, own_cnode, request(label, nowhere));
    expect_equal("failed lookup", info_word(6, 5), talk.server.info().word);
    expect_equal("of the destination", 0, talk.server.word(0));
    expect_equal("guard mismatch", guard_mismatch_fault, talk.server.word(1));
    talk.server.start(Syscall::call, own_cnode, request(label, deep));
    expect_equal("range error", info_word(4, 2), talk.server.info().word);
    talk.server.start(Syscall::reply, 0, request(3, words));
    expect_answer(talk.caller, 3);
}

TEST("reply: saving no caller is no error, and saves nothing") {
    Conversation talk;
    if (!talk.create())
        return;
    expect_empty(talk.saved());
    talk.call();
    const CPtr first = talk.saved();
    expect_empty(talk.saved());
    send(first, {});
    expect("the first one is good", talk.caller.done());
}

TEST("reply: it cannot be copied, but moved") {
    Conversation talk;
    if (!talk.create())
        return;
    talk.call();
    const CPtr saved = talk.saved();
    expect_error("copy", Error::illegal_operation, cap_copy(saved, empty_slot()));
    expect_error("mint", Error::illegal_operation,
                 cap_mint(saved, empty_slot(), abi::all_rights, 0));
    const CPtr moved = empty_slot();
    expect_success("move", cap_move(saved, moved));
    expect_empty(saved);
    const CPtr again = empty_slot();
    expect_success("mutate, which changes nothing", cap_mutate(moved, again, 5));
    expect_success("revoke, which deletes nothing", cap_revoke(again));
    send(again, place(MessageInfo::make(4, std::size(words)), words, {}));
    expect_answer(talk.caller, 4);
}

TEST("reply: a caller that was saved can be called back meanwhile") {
    Conversation talk;
    if (!talk.create())
        return;
    // The server serves others while the first caller waits.
    talk.call();
    const CPtr saved = talk.saved();
    Puppet other;
    if (!other.create())
        return;
    talk.server.start(Syscall::receive, talk.endpoint);
    other.start(Syscall::call, talk.endpoint);
    talk.server.start(Syscall::reply, 0, request(1, words));
    expect_answer(other, 1);
    talk.server.start(Syscall::send, saved, request(2, words));
    expect_answer(talk.caller, 2);
}

TEST("reply: a server can call another before it answers") {
    Conversation outer;
    Conversation inner;
    if (!outer.create() || !inner.create())
        return;
    outer.call();
    inner.server.start(Syscall::receive, inner.endpoint);
    outer.server.start(Syscall::call, inner.endpoint);
    inner.server.start(Syscall::reply, 0, request(1, words));
    expect_answer(outer.server, 1);
    outer.server.start(Syscall::reply, 0, request(2, words));
    expect_answer(outer.caller, 2);
}

TEST("reply: a fault can be saved and answered too") {
    Conversation talk;
    if (!talk.create())
        return;
    talk.caller.set_fault_handler(talk.endpoint);
    talk.server.start(Syscall::receive, talk.endpoint);
    const abi::UserContext registers = talk.caller.fresh();
    talk.caller.run(registers, fault_breakpoint);
    const CPtr saved = talk.saved();
    const Word next[] = {address_of(fault_breakpoint) + 4};
    send(saved, place(MessageInfo::make(0, 1), next, {}));
    const Message second = poll_endpoint(talk.endpoint);
    expect_equal("it went on behind", next[0], second.words[0]);
    expect_empty(saved);
}

TEST("reply: capabilities go along if the server may grant") {
    Conversation talk;
    if (!talk.create())
        return;
    const CPtr frame = make(ObjectType::page);
    const std::array caps{frame};
    for (const bool may_grant : {true, false}) {
        const CPtr slot = empty_slot();
        talk.caller.receive_into(slot);
        const Word rights = abi::Rights::read | (may_grant ? abi::Rights::grant : Word{0});
        talk.call(with_rights(talk.endpoint, rights));
        talk.server.start(Syscall::reply, 0, request(5, {}, caps));
        expect_equal("info", info_word(5, 0, may_grant ? 1 : 0), talk.caller.info().word);
        expect_equal("the capability", may_grant, bool(page_get_address(slot)));
    }
}

TEST("reply: the right to grant is of the receive, whoever came first, and stays when saved") {
    Conversation talk;
    if (!talk.create())
        return;
    const CPtr frame = make(ObjectType::page);
    for (const bool may_grant : {true, false}) {
        talk.caller.receive_into(empty_slot());
        talk.caller.start(Syscall::call, talk.endpoint);
        const Word rights = abi::Rights::read | (may_grant ? abi::Rights::grant : Word{0});
        talk.server.start(Syscall::receive, with_rights(talk.endpoint, rights));
        talk.server.start(Syscall::send, talk.saved(), request(5, {}, std::array{frame}));
        expect_equal("info", info_word(5, 0, may_grant ? 1 : 0), talk.caller.info().word);
    }
}

TEST("reply: a capability to the endpoint is passed on, not unwrapped") {
    Conversation talk;
    if (!talk.create())
        return;
    const CPtr slot = empty_slot();
    talk.caller.receive_into(slot);
    talk.call();
    talk.server.start(Syscall::reply, 0, request(5, {}, std::array{minted(talk.endpoint, 9)}));
    expect_equal("info", info_word(5, 0, 1), talk.caller.info().word);
    talk.caller.start(Syscall::send, slot);
    expect_equal("badge", 9, poll_endpoint(talk.endpoint).badge);
}
