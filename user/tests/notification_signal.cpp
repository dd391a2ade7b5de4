// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Signal, wait and poll: badges, the order of those who wait, rights, and the end of a
/// notification.
/// @stage{2}
#include "user/tests/cnode.hpp"
#include "user/tests/fault_catcher.hpp"

namespace {

/// Threads that wait for one notification and tell what they got.
struct Waiters {
    static constexpr unsigned most = 4;
    CPtr notification = make(ObjectType::notification);
    Trace order; ///< number of each thread that was woken
    Word got[most] = {};
    user::Thread threads[most];

    /// One that waits when this comes back.
    void add(unsigned number) {
        bodies_[number] = {this, number};
        start(threads[number], above, bodies_[number]);
    }

private:
    struct Body {
        Waiters* all;
        unsigned number;
        void operator()() const {
            all->got[number] = wait(all->notification);
            all->order.add(number);
        }
    };
    Body bodies_[most] = {};
};

} // namespace

TEST("notification: a signal stays until somebody waits, then is gone") {
    const CPtr plain = make(ObjectType::notification);
    const CPtr signalled = badged(plain, 0xbeef);
    signal(signalled);
    expect_equal("badge", 0xbeef, wait(plain));
    expect_equal("it is gone", 0, poll(plain));
}

TEST("notification: badges of signals that nobody took are or-ed") {
    const CPtr plain = make(ObjectType::notification);
    for (const Word badge : {Word{0x1}, Word{0x10}, Word{0x11}, Word{1} << 63})
        signal(badged(plain, badge));
    expect_equal("badges", Word{1} << 63 | 0x11, wait(plain));
    signal(badged(plain, 2));
    expect_equal("and begin anew", 2, poll(plain));
}

TEST("notification: poll of nothing answers 0 and changes nothing else") {
    const CPtr plain = make(ObjectType::notification);
    const Message before = {.badge = 5, .info = {6}, .words = {7, 8, 9, 10}};
    const Message after = trap(abi::Syscall::non_blocking_receive, plain, before);
    expect_equal("badge", 0, after.badge);
    expect_equal("info", before.info.word, after.info.word);
    for (unsigned i = 0; i < abi::message_registers; i++)
        expect_equal("word", before.words[i], after.words[i]);
}

TEST("notification: all receiving capabilities get the same signals") {
    const CPtr plain = make(ObjectType::notification);
    const CPtr first = badged(plain, 1);
    const CPtr second = badged(plain, 2);
    signal(first);
    expect_equal("by another one", 1, poll(second));
    expect_equal("once", 0, poll(first));
}

TEST("notification: a signal without a badge is one all the same") {
    Waiters waiters;
    signal(waiters.notification);
    waiters.add(0);
    waiters.order.expect("it did not wait", {0});
    waiters.add(1);
    waiters.order.expect("the next one does", {0});
    signal(waiters.notification);
    waiters.order.expect("it is woken", {0, 1});
}

TEST("notification: send, non-blocking send and call signal, whatever the message says") {
    const CPtr plain = make(ObjectType::notification);
    const CPtr signalled = badged(plain, 4);
    const Message message = {.info = MessageInfo::make(77, 120), .words = {1, 2, 3, 4}};
    send(signalled, message);
    expect_equal("send", 4, poll(plain));
    non_blocking_send(signalled, message);
    expect_equal("non-blocking send", 4, poll(plain));
    const Message answer = call(signalled, message);
    expect_equal("call", 4, poll(plain));
    expect_equal("label of the answer", 0, answer.info.label());
    expect_equal("length of the answer", 0, answer.info.length());
    expect_equal("badge of the answer", 0, answer.badge);
}

TEST("notification: signalling needs the right to write") {
    const CPtr plain = make(ObjectType::notification);
    const CPtr receiver = badged(plain, 4, abi::Rights::read);
    expect_error("call", Error::invalid_capability, invoke_raw(receiver, {}), {0});
    signal(receiver);
    non_blocking_send(receiver, {});
    expect_equal("no signal", 0, poll(plain));
    signal(plain);
    expect_equal("it can receive", 0, wait(receiver));
}

TEST("notification: waiting and polling need the right to read") {
    const CPtr plain = make(ObjectType::notification);
    const CPtr sender = badged(plain, 4, abi::Rights::write);
    signal(sender);
    for (const bool blocking : {true, false}) {
        FaultCatcher catcher;
        user::Thread thread;
        const auto body = [&] { blocking ? receive(sender) : non_blocking_receive(sender); };
        if (!catcher.create() || !catcher.watch(thread, above))
            return;
        start(thread, body);
        SeenFault fault;
        expect("it faults", catcher.poll(fault));
        expect_equal("fault", abi::Fault::capability, fault.label);
        expect_equal("length", 5, fault.length);
        const Word words[] = {sender, 1, missing_capability, 0};
        for (unsigned i = 0; i < 4; i++)
            expect_equal("pointer, receiving, failure, bits left", words[i], fault.words[i + 1]);
    }
    expect_equal("the signal stays", 4, poll(plain));
}

TEST("notification: waiters are woken in the order in which they came") {
    Waiters waiters;
    for (const unsigned number : {2U, 0U, 3U, 1U})
        waiters.add(number);
    for (Word i = 1; i <= 4; i++)
        signal(badged(waiters.notification, i));
    waiters.order.expect("order", {2, 0, 3, 1});
    const Word badges[] = {2, 4, 1, 3};
    for (unsigned i = 0; i < 4; i++)
        expect_equal("each gets one signal", badges[i], waiters.got[i]);
    expect_equal("none is left", 0, poll(waiters.notification));
}

TEST("notification: who is suspended or deleted leaves the queue, the order stays") {
    Waiters waiters;
    for (const unsigned number : {0U, 1U, 2U, 3U})
        waiters.add(number);
    expect_success("suspend", tcb_suspend(waiters.threads[1].tcb()));
    expect_success("delete the first", cap_delete(waiters.threads[0].tcb()));
    signal(waiters.notification);
    signal(waiters.notification);
    waiters.order.expect("the others", {2, 3});
    expect_success("resume", tcb_resume(waiters.threads[1].tcb()));
    signal(waiters.notification);
    waiters.order.expect("it waited again", {2, 3, 1});
}

TEST("notification: a poll while others wait takes nothing") {
    Waiters waiters;
    waiters.add(0);
    expect_equal("poll", 0, poll(waiters.notification));
    signal(badged(waiters.notification, 9));
    expect_equal("the waiter got it", 9, waiters.got[0]);
}

TEST("notification: deleting it lets those who wait try again") {
    const CPtr notification = make(ObjectType::notification);
    const CPtr other = make(ObjectType::notification);
    signal(badged(other, 6));
    user::Thread thread;
    Word got = 0;
    const auto body = [&] { got = wait(notification); };
    start(thread, below, body);
    run_others();
    expect_success("delete", cap_delete(notification));
    expect_success("another takes its slot", cap_copy(other, notification));
    run_others();
    expect_equal("the wait was made again", 6, got);
}

TEST("notification: deleting it makes waiters fault that find nothing") {
    FaultCatcher catcher;
    user::Thread thread;
    const CPtr notification = make(ObjectType::notification);
    bool woken = false;
    const auto body = [&] {
        wait(notification);
        woken = true;
    };
    if (!catcher.create() || !catcher.watch(thread, above))
        return;
    start(thread, body);
    catcher.expect_none("it waits");
    expect_success("delete", cap_delete(notification));
    SeenFault fault;
    expect("it faults", catcher.poll(fault) && fault.label == abi::Fault::capability);
    expect_equal("capability", notification, fault.words[1]);
    expect("it was not woken", !woken);
}

TEST("notification: capabilities with badges may go without harm to who waits") {
    Waiters waiters;
    const CPtr one = badged(waiters.notification, 1);
    const CPtr two = badged(waiters.notification, 2);
    waiters.add(0);
    expect_success("delete", cap_delete(one));
    expect_equal("it waits", 0, waiters.order.count());
    signal(two);
    expect_equal("it is woken", 2, waiters.got[0]);
}

TEST("notification: revoking deletes the copies with badges, and keeps what was signalled") {
    const CPtr plain = make(ObjectType::notification);
    const CPtr one = badged(plain, 1);
    const CPtr two = badged(plain, 2, abi::Rights::write);
    signal(one);
    expect_success("revoke", cap_revoke(plain));
    expect("the copies are gone", empty(one) && empty(two));
    expect_equal("the signal stays", 1, poll(plain));
}

TEST("notification: non-blocking send to nothing is silent") {
    const CPtr plain = make(ObjectType::notification);
    const CPtr gone = badged(plain, 1);
    expect_success("delete", cap_delete(gone));
    non_blocking_send(gone, {});
    non_blocking_send(~Word{0}, {});
    expect_equal("nothing was signalled", 0, poll(plain));
}

TEST("notification: a signal takes no notice of who waits for others") {
    Waiters first, second;
    first.add(0);
    second.add(0);
    signal(second.notification);
    expect_equal("the first", 0, first.order.count());
    expect_equal("the second", 1, second.order.count());
}
