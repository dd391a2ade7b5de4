// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Endpoints: who meets whom, who waits, and what registers hold afterwards. Each way to send
/// meets each way to receive, whoever comes first.
/// seL4 manual 4.1, 4.2.
/// Read next: ipc_message.cpp.
/// @stage{none}
#include "user/tests/puppet.hpp"

namespace {

constexpr Word label = 0x5e17;
constexpr Word badge = 0x8000'0000'0000'0b01;
constexpr Word words[] = {11, 22, 33, 44, 55, 66};

struct Pair {
    Puppet sender;
    Puppet receiver;
    CPtr endpoint = 0;
    CPtr badged = 0;

    bool create(Word sender_priority = Puppet::usual_priority) {
        endpoint = make_endpoint();
        badged = minted(endpoint, badge);
        return sender.create(sender_priority) && receiver.create();
    }
};

void expect_message(const Puppet& receiver, const Place& place = Place::current()) {
    if (!expect("the message was received", receiver.done(), place))
        return;
    expect_equal("badge", badge, receiver.badge(), place);
    expect_equal("info", info_word(label, std::size(words)), receiver.info().word, place);
    for (unsigned i = 0; i < std::size(words); i++)
        expect_equal("word", words[i], receiver.word(i), place);
    receiver.expect_preserved(a0, a5, place);
}

constexpr Syscall ways_to_send[] = {Syscall::send, Syscall::non_blocking_send, Syscall::call};
constexpr Syscall ways_to_receive[] = {Syscall::receive, Syscall::reply_receive};

} // namespace

TEST("ipc: a message reaches a thread that waits") {
    Pair pair;
    if (!pair.create())
        return;
    for (const Syscall receiving : ways_to_receive) {
        for (const Syscall sending : ways_to_send) {
            pair.receiver.start(receiving, pair.endpoint);
            expect("the receiver waits", !pair.receiver.done());
            pair.sender.start(sending, pair.badged, request(label, words));
            expect_message(pair.receiver);
            expect_equal("the sender is done", sending != Syscall::call, pair.sender.done());
            if (sending != Syscall::call)
                pair.sender.expect_preserved();
        }
    }
}

TEST("ipc: a message is taken from a thread that waits") {
    Pair pair;
    if (!pair.create())
        return;
    for (const Syscall receiving :
         {Syscall::receive, Syscall::reply_receive, Syscall::non_blocking_receive}) {
        for (const Syscall sending : {Syscall::send, Syscall::call}) {
            pair.sender.start(sending, pair.badged, request(label, words));
            expect("the sender waits", !pair.sender.done());
            pair.receiver.start(receiving, pair.endpoint);
            expect_message(pair.receiver);
            expect_equal("the sender is done", sending != Syscall::call, pair.sender.done());
            if (sending != Syscall::call)
                pair.sender.expect_preserved();
        }
    }
}

TEST("ipc: a non-blocking send that nobody waits for is lost") {
    Pair pair;
    if (!pair.create())
        return;
    pair.sender.start(Syscall::non_blocking_send, pair.badged, request(label, words));
    pair.sender.expect_preserved();
    pair.receiver.start(Syscall::non_blocking_receive, pair.endpoint);
    expect_equal("nothing is there", 0, pair.receiver.badge());
    // Nor is it delivered behind one that waits.
    Puppet other;
    if (!other.create())
        return;
    pair.sender.start(Syscall::send, pair.endpoint);
    other.start(Syscall::non_blocking_send, pair.badged);
    other.expect_preserved();
    pair.receiver.start(Syscall::receive, pair.endpoint);
    pair.receiver.start(Syscall::non_blocking_receive, pair.endpoint, request(label));
    expect_equal("only one was sent", info_word(label, 0), pair.receiver.info().word);
}

TEST("ipc: a non-blocking receive of nothing changes the badge only") {
    Pair pair;
    if (!pair.create())
        return;
    pair.receiver.start(Syscall::non_blocking_receive, pair.endpoint, request(label, words));
    pair.receiver.expect_preserved(a0, a0);
    expect_equal("badge", 0, pair.receiver.badge());
}

TEST("ipc: a call ends with the reply, and the badge of a reply is 0") {
    Pair pair;
    if (!pair.create())
        return;
    pair.receiver.start(Syscall::receive, pair.endpoint);
    pair.sender.start(Syscall::call, pair.badged, request(label, words));
    expect("the caller waits for the answer", !pair.sender.done());
    const Word answer[] = {101, 102, 103, 104, 105};
    pair.receiver.start(Syscall::reply, 0, request(label + 1, answer));
    pair.receiver.expect_preserved();
    pair.sender.expect_preserved(a0, a5);
    expect_equal("badge", 0, pair.sender.badge());
    expect_equal("info", info_word(label + 1, 5), pair.sender.info().word);
    for (unsigned i = 0; i < std::size(answer); i++)
        expect_equal("word", answer[i], pair.sender.word(i));
}

TEST("ipc: reply and receive answers, then waits") {
    Pair pair;
    if (!pair.create())
        return;
    pair.receiver.start(Syscall::receive, pair.endpoint);
    for (Word round = 0; round < 3; round++) {
        const Word question[] = {round};
        pair.sender.start(Syscall::call, pair.badged, request(round, question));
        expect("the question was received", pair.receiver.done());
        expect_equal("question", round, pair.receiver.word(0));
        const Word answer[] = {100 + round};
        pair.receiver.start(Syscall::reply_receive, pair.endpoint, request(label, answer));
        expect("the server waits again", !pair.receiver.done());
        expect("the caller goes on", pair.sender.done());
        expect_equal("answer", 100 + round, pair.sender.word(0));
    }
}

TEST("ipc: reply and receive answers, then takes what waits") {
    Pair pair;
    Puppet other;
    if (!pair.create() || !other.create())
        return;
    pair.receiver.start(Syscall::receive, pair.endpoint);
    pair.sender.start(Syscall::call, pair.endpoint);
    other.start(Syscall::send, pair.badged, request(label, words));
    expect("the other sender waits", !other.done());
    pair.receiver.start(Syscall::reply_receive, pair.endpoint, request(label + 1));
    expect("the caller is answered", pair.sender.done());
    expect_equal("answer", info_word(label + 1, 0), pair.sender.info().word);
    expect_message(pair.receiver);
    expect("the other sender goes on", other.done());
}

TEST("ipc: a reply without a caller does nothing") {
    Pair pair;
    if (!pair.create())
        return;
    pair.receiver.start(Syscall::reply, pair.endpoint, request(label, words));
    pair.receiver.expect_preserved();
    pair.receiver.start(Syscall::reply_receive, pair.endpoint, request(label, words));
    expect("the server waits", !pair.receiver.done());
    // Nor does a reply to what was sent, but not called.
    pair.sender.start(Syscall::send, pair.badged, request(label, words));
    expect_message(pair.receiver);
    pair.receiver.start(Syscall::reply, 0, request(label + 1));
    pair.receiver.expect_preserved();
}

TEST("ipc: one reply answers one call") {
    Pair pair;
    if (!pair.create())
        return;
    pair.receiver.start(Syscall::receive, pair.endpoint);
    pair.sender.start(Syscall::call, pair.badged);
    pair.receiver.start(Syscall::reply, 0, request(1));
    expect("the caller is answered", pair.sender.done());
    pair.sender.start(Syscall::call, pair.badged);
    pair.receiver.start(Syscall::reply, 0, request(2));
    expect("a second reply is for nobody", !pair.sender.done());
}

TEST("ipc: a thread of low priority that is sent to runs when others wait") {
    Pair pair;
    Puppet low;
    if (!pair.create() || !low.create(100))
        return;
    low.start(Syscall::receive, pair.endpoint);
    pair.sender.start(Syscall::send, pair.badged, request(label, words));
    expect("the message waits for nobody to receive it", !pair.sender.done());
    user::Thread yielding;
    create(yielding, 50);
    yielding.start([](Word) {});
    yielding.join(); // lower than the receiver: it received before
    expect_message(low);
    expect("the sender went on", pair.sender.done());
}
