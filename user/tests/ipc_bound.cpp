// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A thread that receives from an endpoint gets the signals of its bound notification too.
/// seL4 manual 5.3.
/// @stage{none}
#include "user/tests/fault_sel4.hpp"

namespace {

struct Bound {
    Puppet receiver;
    Puppet sender;
    CPtr endpoint = 0;
    CPtr notification = 0;
    CPtr badged = 0; ///< signals

    bool create() {
        endpoint = make_endpoint();
        notification = make(ObjectType::notification);
        badged = minted(notification, 0x20);
        return receiver.create() && sender.create() &&
               expect_success("bind",
                              invoke(receiver.tcb(), abi::TcbBindNotification{}, notification));
    }
};

constexpr Word words[] = {1, 2, 3, 4, 5};

} // namespace

TEST("ipc bound: a signal ends a receive, and changes the badge only") {
    Bound bound;
    if (!bound.create())
        return;
    for (const Syscall way : {Syscall::receive, Syscall::reply_receive}) {
        bound.receiver.start(way, bound.endpoint, request(0x77, words));
        expect("it waits", !bound.receiver.done());
        signal(bound.badged);
        bound.receiver.expect_preserved(a0, a0);
        expect_equal("badge", 0x20, bound.receiver.badge());
    }
    bound.receiver.start(Syscall::non_blocking_receive, bound.endpoint);
    expect_equal("nothing is left", 0, bound.receiver.badge());
}

TEST("ipc bound: a word that is there is received at once") {
    Bound bound;
    if (!bound.create())
        return;
    for (const Syscall way :
         {Syscall::receive, Syscall::non_blocking_receive, Syscall::reply_receive}) {
        signal(bound.badged);
        signal(minted(bound.notification, 0x3));
        bound.receiver.start(way, bound.endpoint, request(0x77, words));
        bound.receiver.expect_preserved(a0, a0);
        expect_equal("badges", 0x23, bound.receiver.badge());
    }
}

TEST("ipc bound: a word that is there comes before senders that wait") {
    Bound bound;
    if (!bound.create())
        return;
    bound.sender.start(Syscall::send, minted(bound.endpoint, 0x500), request(9));
    signal(bound.badged);
    bound.receiver.start(Syscall::receive, bound.endpoint);
    expect_equal("signal first", 0x20, bound.receiver.badge());
    expect("the sender waits", !bound.sender.done());
    bound.receiver.start(Syscall::receive, bound.endpoint);
    expect_equal("then the message", 0x500, bound.receiver.badge());
    expect_equal("info", info_word(9, 0), bound.receiver.info().word);
}

TEST("ipc bound: a message ends a receive, and the signal comes with the next") {
    Bound bound;
    if (!bound.create())
        return;
    bound.receiver.start(Syscall::receive, bound.endpoint);
    bound.sender.start(Syscall::send, minted(bound.endpoint, 0x500), request(9, words));
    signal(bound.badged);
    expect_equal("the message's badge", 0x500, bound.receiver.badge());
    expect_equal("info", info_word(9, 5), bound.receiver.info().word);
    bound.receiver.start(Syscall::receive, bound.endpoint);
    expect_equal("then the signal", 0x20, bound.receiver.badge());
}

TEST("ipc bound: a signal does not end other waits") {
    Bound bound;
    if (!bound.create())
        return;
    bound.receiver.start(Syscall::send, bound.endpoint, request(3));
    signal(bound.badged);
    expect("it still sends", !bound.receiver.done());
    expect_equal("its message", info_word(3, 0), poll_endpoint(bound.endpoint).info.word);
    bound.receiver.start(Syscall::call, bound.endpoint, request(4));
    expect_equal("its message", info_word(4, 0), poll_endpoint(bound.endpoint).info.word);
    signal(bound.badged);
    expect("it still calls", !bound.receiver.done());
    reply({.info = MessageInfo::make(5, 0)});
    expect_equal("the answer", info_word(5, 0), bound.receiver.info().word);
    bound.receiver.start(Syscall::receive, bound.endpoint);
    expect_equal("the signal waited", 0x20, bound.receiver.badge());
    bound.receiver.start(Syscall::receive, make(ObjectType::notification));
    signal(bound.badged);
    expect("it still waits for another notification", !bound.receiver.done());
}

TEST("ipc bound: its own thread can wait for it, others cannot") {
    Bound bound;
    if (!bound.create())
        return;
    bound.receiver.start(Syscall::receive, bound.notification);
    signal(bound.badged);
    bound.receiver.expect_preserved(a0, a0);
    expect_equal("badge", 0x20, bound.receiver.badge());
    const FaultHandler handler(bound.sender);
    signal(bound.badged);
    for (const Syscall way : {Syscall::receive, Syscall::non_blocking_receive}) {
        bound.sender.start(way, bound.notification);
        handler.expect(abi::Fault::capability, {bound.sender.registers().pc, bound.notification, 1,
                                                missing_capability_fault, 0});
    }
    bound.receiver.start(Syscall::non_blocking_receive, bound.notification);
    expect_equal("the word is there", 0x20, bound.receiver.badge());
}

TEST("ipc bound: unbound, or with its notification deleted, a thread gets no signals") {
    Bound bound;
    if (!bound.create())
        return;
    bound.receiver.start(Syscall::receive, bound.endpoint);
    expect_success("unbind", invoke(bound.receiver.tcb(), abi::TcbUnbindNotification{}));
    signal(bound.badged);
    expect("it waits for messages only", !bound.receiver.done());
    expect_success("bind it while it waits",
                   invoke(bound.receiver.tcb(), abi::TcbBindNotification{}, bound.notification));
    expect("what was signalled before does not wake it", !bound.receiver.done());
    signal(bound.badged);
    expect("nor does more of it: the word is there already", !bound.receiver.done());
    allocator.destroy(bound.notification);
    expect("it waits", !bound.receiver.done());
    sel4::send(bound.endpoint, {.info = MessageInfo::make(6, 0)});
    expect_equal("a message comes", info_word(6, 0), bound.receiver.info().word);
}

TEST("ipc bound: a signal that ends a reply and receive does not lose the reply") {
    Bound bound;
    if (!bound.create())
        return;
    bound.receiver.start(Syscall::receive, bound.endpoint);
    bound.sender.start(Syscall::call, bound.endpoint);
    signal(bound.badged);
    bound.receiver.start(Syscall::reply_receive, bound.endpoint, request(8));
    expect_equal("the caller is answered", info_word(8, 0), bound.sender.info().word);
    expect_equal("the signal is received", 0x20, bound.receiver.badge());
    // A receive that ends with a signal has dropped the caller all the same.
    bound.receiver.start(Syscall::receive, bound.endpoint);
    bound.sender.start(Syscall::call, bound.endpoint);
    signal(bound.badged);
    bound.receiver.start(Syscall::receive, bound.endpoint);
    bound.receiver.start(Syscall::reply, 0, request(9));
    expect("nobody is answered", !bound.sender.done());
}
