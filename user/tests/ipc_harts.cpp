// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Messages between harts: calls and replies, many senders, a server that is moved about, faults,
/// and an endpoint that goes away under everybody's hands.
/// @stage{none}
#include "user/tests/ipc_harts.hpp"

namespace {

constexpr unsigned most_harts = 4;
constexpr Word stop = 0x5709;

/// A client or server on some hart.
struct Party {
    user::Thread thread;
    CPtr endpoint = 0;
    Word rounds = 0;
    std::atomic<Word> count = 0;
    std::atomic<Word> wrong = 0;
    std::atomic<Word> error = 0; ///< the label of the last answer that was one

    bool start(Word hart, Word priority, user::Thread::Function function, CPtr handler,
               const Place& place = Place::current()) {
        if (!expect("a thread", thread.create(allocator, vspace, priority, handler), place))
            return false;
        set_hart(thread.tcb(), hart, place);
        thread.start(function, reinterpret_cast<Word>(this));
        return true;
    }
};

Party& party(Word argument) { return *reinterpret_cast<Party*>(argument); }

/// Calls with numbers and wants them back, each increased; until `rounds`, or an error.
void client(Word argument) {
    Party& self = party(argument);
    for (Word i = 0; i < self.rounds && self.error == 0; i++) {
        ipc_buffer().message[4] = ~i;
        const Message answer =
            call(self.endpoint, {.info = MessageInfo::make(0, 5), .words = {i, i * 3}});
        self.error = answer.info.label();
        if (self.error == 0)
            self.wrong += answer.info.length() != 5 || answer.words[0] != i + 1 ||
                          answer.words[1] != i * 3 + 1 || ipc_buffer().message[4] != ~i + 1;
        self.count++;
    }
}

/// Answers until it is told to stop.
void server(Word argument) {
    Party& self = party(argument);
    Message message = receive(self.endpoint);
    while (message.info.label() != stop) {
        self.count++;
        ipc_buffer().message[4]++;
        message =
            reply_receive(self.endpoint, {.info = MessageInfo::make(0, 5),
                                          .words = {message.words[0] + 1, message.words[1] + 1}});
    }
}

/// Sends its numbers in order.
void sender(Word argument) {
    Party& self = party(argument);
    for (Word i = 0; i < self.rounds; i++)
        send(self.endpoint, {.info = MessageInfo::make(1, 1), .words = {i}});
}

void expect_right(const Party& client, Word rounds, const Place& place = Place::current()) {
    expect_equal("calls", rounds, client.count, place);
    expect_equal("wrong answers", 0, client.wrong, place);
}

} // namespace

TEST("ipc harts: calls and replies from hart to hart") {
    if (harts() == 1)
        return skip("one hart");
    for (Word there = 1; there < harts(); there++) {
        Party parties[2];
        parties[0].endpoint = parties[1].endpoint = make_endpoint();
        parties[1].rounds = 100;
        if (!parties[0].start(there, 210, server, fault_handler()) ||
            !parties[1].start(there - 1, 210, client, fault_handler()))
            return;
        parties[1].thread.join();
        expect_right(parties[1], 100);
        send(parties[0].endpoint, {.info = MessageInfo::make(stop, 0)});
        parties[0].thread.join();
        expect_equal("served", 100, parties[0].count);
        parties[0].thread.destroy();
        parties[1].thread.destroy();
    }
}

TEST("ipc harts: clients on all harts, one server on each in turn") {
    if (harts() == 1)
        return skip("one hart");
    for (Word there = 0; there < harts(); there++) {
        Party serving;
        Party clients[most_harts];
        serving.endpoint = make_endpoint();
        if (!serving.start(there, 220, server, fault_handler()))
            return;
        for (Word i = 0; i < harts(); i++) {
            clients[i].endpoint = serving.endpoint;
            clients[i].rounds = 50;
            if (!clients[i].start(i, 150, client, fault_handler()))
                return;
        }
        for (Word i = 0; i < harts(); i++) {
            clients[i].thread.join();
            expect_right(clients[i], 50);
            clients[i].thread.destroy();
        }
        expect_equal("served", 50 * harts(), serving.count);
        serving.thread.destroy();
    }
}

TEST("ipc harts: senders on all harts, in their order") {
    if (harts() == 1)
        return skip("one hart");
    Party senders[most_harts];
    const CPtr endpoint = make_endpoint();
    constexpr Word rounds = 100;
    for (Word i = 0; i < harts(); i++) {
        senders[i].endpoint = minted(endpoint, i + 1);
        senders[i].rounds = rounds;
        if (!senders[i].start(i, 150 + i, sender, fault_handler()))
            return;
    }
    Word next[most_harts] = {};
    for (Word i = 0; i < rounds * harts(); i++) {
        const Message message = receive(endpoint);
        if (!expect("a badge", message.badge >= 1 && message.badge <= harts()))
            return;
        expect_equal("in order", next[message.badge - 1]++, message.words[0]);
    }
    for (Word i = 0; i < harts(); i++)
        senders[i].thread.join();
}

TEST("ipc harts: a server that is moved from hart to hart") {
    if (harts() == 1)
        return skip("one hart");
    Party serving;
    Party clients[most_harts];
    serving.endpoint = make_endpoint();
    if (!serving.start(0, test_priority, server, fault_handler()))
        return;
    for (Word i = 0; i < harts(); i++) {
        clients[i].endpoint = serving.endpoint;
        clients[i].rounds = 100;
        if (!clients[i].start(i, test_priority, client, fault_handler()))
            return;
    }
    Word done = 0;
    for (Word move = 1; done < harts(); move++) {
        set_hart(serving.thread.tcb(), move % harts());
        set_hart(clients[move % harts()].thread.tcb(), (move * 3 + 1) % harts());
        yield();
        done = 0;
        for (Word i = 0; i < harts(); i++)
            done += clients[i].thread.finished() ? 1 : 0;
    }
    for (Word i = 0; i < harts(); i++)
        expect_right(clients[i], 100);
    expect_equal("served", 100 * harts(), serving.count);
}

TEST("ipc harts: an endpoint is deleted while all use it") {
    if (harts() == 1)
        return skip("one hart");
    for (Word round = 0; round < 10; round++) {
        Party serving;
        Party clients[most_harts];
        serving.endpoint = make_endpoint();
        // When its endpoint is gone, the server is suspended by its fault: it has no handler.
        if (!serving.start(round % harts(), test_priority, server, 0))
            return;
        for (Word i = 0; i < harts(); i++) {
            clients[i].endpoint = serving.endpoint;
            clients[i].rounds = ~Word{0};
            if (!clients[i].start(i, test_priority, client, fault_handler()))
                return;
        }
        rest_until([&] { return serving.count > 20 + round * 7; });
        expect_success("delete", cap_delete(serving.endpoint));
        for (Word i = 0; i < harts(); i++) {
            clients[i].thread.join();
            expect_equal("invalid capability", 2, clients[i].error);
            expect_equal("wrong answers", 0, clients[i].wrong);
        }
        for (Word i = 0; i < harts(); i++)
            clients[i].thread.destroy();
        serving.thread.destroy();
    }
}

TEST("ipc harts: badges are cancelled while all send") {
    if (harts() == 1)
        return skip("one hart");
    Party senders[most_harts];
    const CPtr endpoint = make_endpoint();
    const CPtr badged = minted(endpoint, 5);
    for (Word i = 0; i < harts(); i++) {
        senders[i].endpoint = badged;
        senders[i].rounds = 60;
        if (!senders[i].start(i, test_priority, sender, fault_handler()))
            return;
    }
    // Who is cancelled sends again: nothing is lost, nothing comes twice.
    for (Word received = 0; received < 60 * harts(); received++) {
        expect_success("cancel",
                       invoke(own_cnode, abi::CNodeCancelBadgedSends{badged, full_depth}));
        expect_equal("badge", 5, receive(endpoint).badge);
    }
    for (Word i = 0; i < harts(); i++)
        senders[i].thread.join();
    expect("nothing is left", poll_endpoint(endpoint).info.label() == nothing);
}

TEST("ipc harts: callers are suspended and resumed while they are answered") {
    if (harts() == 1)
        return skip("one hart");
    Party serving;
    Party calling;
    serving.endpoint = calling.endpoint = make_endpoint();
    calling.rounds = 200;
    if (!serving.start(1, test_priority, server, fault_handler()) ||
        !calling.start(harts() - 1, test_priority, client, fault_handler()))
        return;
    while (!calling.thread.finished()) {
        expect_success("suspend", tcb_suspend(calling.thread.tcb()));
        expect_success("resume", tcb_resume(calling.thread.tcb()));
        for (unsigned i = 0; i < 20; i++)
            yield();
    }
    // A call that is made again may be served twice, but the caller sees one answer to each.
    expect_right(calling, 200);
    expect("served", serving.count >= 200);
}

TEST("ipc harts: faults are told and answered from hart to hart") {
    if (harts() == 1)
        return skip("one hart");
    struct Faulting {
        user::Thread thread;
        std::atomic<Word> count = 0;
    } faulting;
    const CPtr endpoint = make_endpoint();
    if (!faulting.thread.create(allocator, vspace, 210, endpoint))
        return;
    set_hart(faulting.thread.tcb(), 1);
    constexpr Word rounds = 100;
    const auto work = [](Word argument) {
        for (Word i = 0; i < rounds; i++) {
            RegisterFile file = {};
            file.x[a7] = 100 + i; // no such system call
            system_call_with(file);
            reinterpret_cast<Faulting*>(argument)->count++;
        }
    };
    faulting.thread.start(work, reinterpret_cast<Word>(&faulting));
    for (Word i = 0; i < rounds; i++) {
        const Message message = receive(endpoint);
        expect_equal("unknown system call", info_word(2, 11), message.info.word);
        expect_equal("number", 100 + i, ipc_buffer().message[10]);
        reply({.info = MessageInfo::make(0, 1), .words = {message.words[0] + 4}});
    }
    faulting.thread.join();
    expect_equal("went on", rounds, faulting.count);
}
