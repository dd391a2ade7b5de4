// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// UintrRegisterReceiver: every error in order, what is registered together, and what was signalled
/// before.
/// @stage{3}
#include "user/tests/uintr.hpp"

namespace {

Result bind(CPtr tcb, CPtr notification) {
    return invoke(tcb, abi::TcbBindNotification{}, notification);
}

/// What a registration needs, all of it right.
struct Parts {
    CPtr notification = make(ObjectType::notification);
    CPtr tcb = bare_thread();
    CPtr control = user_interrupts().control;
    CPtr page = make(ObjectType::page);

    [[nodiscard]] Result call() const {
        return invoke(notification, abi::UintrRegisterReceiver{}, tcb, control, page);
    }
};

/// A copy of a capability with fewer rights.
CPtr weaker(CPtr cap, Word rights) {
    const CPtr slot = empty_slot();
    expect_success("a copy", cap_copy(cap, slot, rights));
    return slot;
}

} // namespace

TEST("uintr: a registration with too few capabilities is truncated, before rights are looked at") {
    if (!interrupts_exist())
        return;
    const Parts parts;
    for (const CPtr notification :
         {parts.notification, weaker(parts.notification, abi::Rights::write)})
        expect_truncated(notification, abi::UintrRegisterReceiver{}, parts.tcb, parts.control,
                         parts.page);
}

TEST("uintr: a receiver is registered with capabilities of the right kinds, looked at in order") {
    if (!interrupts_exist())
        return;
    const CPtr nothing = empty_slot();
    const Parts right;
    Parts parts{.tcb = nothing, .control = nothing, .page = nothing};
    parts.notification = weaker(right.notification, abi::Rights::write);
    expect_error("the right to read", Error::invalid_capability, parts.call(), {0});
    parts.notification = weaker(right.notification, abi::Rights::read);
    for (const CPtr wrong : {nothing, right.notification, own_cnode}) {
        parts.tcb = wrong;
        expect_error("thread", Error::invalid_capability, parts.call(), {1});
    }
    parts.tcb = right.tcb;
    for (const CPtr wrong : {nothing, CPtr{abi::irq_control}, right.tcb}) {
        parts.control = wrong;
        expect_error("control", Error::invalid_capability, parts.call(), {2});
    }
    parts.control = weaker(right.control, 0); // it has no rights that could be taken away
    for (const CPtr wrong :
         {nothing, right.tcb, device_frame(), weaker(right.page, abi::Rights::read),
          weaker(right.page, abi::Rights::write)}) {
        parts.page = wrong;
        expect_error("page", Error::invalid_capability, parts.call(), {3});
    }
    parts.page = weaker(right.page, abi::Rights::read | abi::Rights::write);
    expect_success("the least that is enough", parts.call());
}

TEST("uintr: capabilities are looked at before the notification's state") {
    if (!interrupts_exist())
        return;
    Parts parts;
    expect_success("register", parts.call());
    parts.page = empty_slot();
    expect_error("page", Error::invalid_capability, parts.call(), {3});
}

TEST("uintr: a notification interrupts one thread, once") {
    if (!interrupts_exist())
        return;
    Parts parts;
    expect_success("register", parts.call());
    expect_error("again", Error::illegal_operation, parts.call());
    parts.notification = badged(parts.notification, 7);
    expect_error("with a badge", Error::illegal_operation, parts.call());
    parts.tcb = bare_thread();
    expect_error("for another thread", Error::illegal_operation, parts.call());
    expect_success("its thread goes", cap_delete(parts.tcb));
}

TEST("uintr: a notification that is bound to a thread can interrupt no other") {
    if (!interrupts_exist())
        return;
    Parts parts;
    const CPtr other = bare_thread();
    expect_success("bind", bind(other, parts.notification));
    expect_error("another", Error::illegal_operation, parts.call());
    parts.tcb = other;
    expect_success("the same", parts.call());
}

TEST("uintr: a notification that is registered can be bound to its own thread") {
    if (!interrupts_exist())
        return;
    const Parts parts;
    expect_success("register", parts.call());
    expect_error("another", Error::illegal_operation, bind(bare_thread(), parts.notification));
    expect_success("its own", bind(parts.tcb, parts.notification));
    expect_error("twice", Error::illegal_operation, bind(parts.tcb, parts.notification));
    expect_success("unbind", invoke(parts.tcb, abi::TcbUnbindNotification{}));
    expect_error("it is still its thread's", Error::illegal_operation,
                 bind(bare_thread(), parts.notification));
    expect_success("bind again", bind(parts.tcb, parts.notification));
}

TEST("uintr: a notification that somebody waits for cannot be registered") {
    if (!interrupts_exist())
        return;
    user::Thread thread;
    Parts parts;
    const auto body = [&] { wait(parts.notification); };
    start(thread, above, body);
    expect_error("for another", Error::illegal_operation, parts.call());
    parts.tcb = thread.tcb();
    expect_error("for whoever waits", Error::illegal_operation, parts.call());
    signal(parts.notification);
    expect_success("afterwards", parts.call());
}

TEST("uintr: other labels are signals; so is a registration that is not a call") {
    const CPtr notification = make(ObjectType::notification);
    for (const Word label : {Word{0}, Word{1023}, Word{1026}, Word{1028}}) {
        expect_success("call", invoke_raw(badged(notification, 1), MessageInfo::make(label, 0)));
        expect_equal("a signal", 1, poll(notification));
    }
    for (const abi::Label label :
         {abi::Label::uintr_register_receiver, abi::Label::uintr_register_sender}) {
        send(badged(notification, 2), {.info = MessageInfo::make(static_cast<Word>(label), 0)});
        expect_equal("a signal", 2, poll(notification));
    }
}

TEST("uintr: what was signalled before interrupts come when it is registered") {
    if (!interrupts_exist())
        return;
    const Parts parts{.tcb = own_thread()};
    rt::Interrupted noted = {};
    signal(badged(parts.notification, 1));
    signal(badged(parts.notification, 4));
    const Result result = parts.call();
    expect_success("register", result);
    expect_equal("nothing yet", 0, noted.vectors);
    rt::enable_interrupts(rt::rt_entry_that_notes, noted);
    rt::forbid_interrupts();
    expect_equal("the kernel's vector", bit(result.words[0]), noted.vectors);
    expect_equal("the badges", 5, poll(parts.notification));
}

TEST("uintr: what was signalled before ends a wait for something else") {
    if (!interrupts_exist())
        return;
    user::Thread thread;
    Parts parts;
    const CPtr other = make(ObjectType::notification);
    Trace trace;
    const auto body = [&] {
        trace.add(wait(other));
        trace.add(wait(other));
    };
    start(thread, above, body);
    parts.tcb = thread.tcb();
    signal(badged(parts.notification, 6));
    expect_success("register", parts.call());
    trace.expect("it came", {6});
    signal(badged(other, 9));
    trace.expect("the wait is as before", {6, 9});
}

TEST("uintr: a thread that waits when it is registered is woken by senders") {
    if (!interrupts_wake())
        return;
    user::Thread thread;
    const CPtr other = make(ObjectType::notification);
    Word got = 0;
    const auto body = [&] { got = wait(other); };
    start(thread, above, body);
    const Registered receiver(thread.tcb());
    need_sender_table();
    rt::send(sender(receiver.badged(3)));
    expect_equal("it is woken", 3, got);
}

TEST("uintr: revoking the control takes its copies, and no receiver") {
    if (!interrupts_exist())
        return;
    Parts parts;
    parts.control = weaker(parts.control, abi::all_rights);
    expect_success("register", parts.call());
    expect_success("revoke", cap_revoke(user_interrupts().control));
    expect_error("the copy is gone", Error::invalid_capability,
                 Parts{.control = parts.control}.call(), {2});
    expect_error("it is registered", Error::illegal_operation,
                 Parts{.notification = parts.notification}.call());
}
