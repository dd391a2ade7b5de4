// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// TCB_BindNotification and TCB_UnbindNotification: every error, and what being bound means.
/// @stage{2}
#include "user/tests/cnode.hpp"
#include "user/tests/fault_catcher.hpp"

namespace {

Result bind(CPtr tcb, CPtr notification) {
    return invoke(tcb, abi::TcbBindNotification{}, notification);
}

Result unbind(CPtr tcb) { return invoke(tcb, abi::TcbUnbindNotification{}); }

} // namespace

TEST("binding: a message without a capability is truncated") {
    expect_truncated(bare_thread(), abi::TcbBindNotification{}, make(ObjectType::notification));
}

TEST("binding: only a notification can be bound") {
    const CPtr tcb = bare_thread();
    for (const CPtr wrong : {empty_slot(), own_cnode, tcb})
        expect_error("bind", Error::illegal_operation, bind(tcb, wrong));
}

TEST("binding: needs the right to read, and no other") {
    const CPtr plain = make(ObjectType::notification);
    const CPtr tcb = bare_thread();
    expect_error("write", Error::illegal_operation,
                 bind(tcb, badged(plain, 1, abi::Rights::write)));
    expect_success("read", bind(tcb, badged(plain, 1, abi::Rights::read)));
}

TEST("binding: a thread has one notification and a notification one thread") {
    const CPtr first = bare_thread();
    const CPtr second = bare_thread();
    const CPtr one = make(ObjectType::notification);
    const CPtr two = make(ObjectType::notification);
    expect_success("bind", bind(first, one));
    expect_error("the same again", Error::illegal_operation, bind(first, one));
    expect_error("another notification", Error::illegal_operation, bind(first, two));
    expect_error("another thread", Error::illegal_operation, bind(second, one));
    expect_success("another pair", bind(second, two));
}

TEST("binding: a notification that somebody waits for cannot be bound") {
    user::Thread thread;
    const CPtr notification = make(ObjectType::notification);
    const auto body = [&] { wait(notification); };
    start(thread, above, body);
    expect_error("to another", Error::illegal_operation, bind(bare_thread(), notification));
    expect_error("to the same", Error::illegal_operation, bind(thread.tcb(), notification));
    signal(notification);
    expect_success("afterwards", bind(thread.tcb(), notification));
}

TEST("binding: a notification that was signalled can be bound") {
    user::Thread thread;
    const CPtr notification = make(ObjectType::notification);
    signal(badged(notification, 3));
    Word got = 0;
    const auto body = [&] { got = wait(notification); };
    create(thread, above);
    expect_success("bind", bind(thread.tcb(), notification));
    start(thread, body);
    expect_equal("the signal is there", 3, got);
}

TEST("binding: what is not bound cannot be unbound") {
    const CPtr tcb = bare_thread();
    expect_error("never", Error::illegal_operation, unbind(tcb));
    expect_success("bind", bind(tcb, make(ObjectType::notification)));
    expect_success("unbind", unbind(tcb));
    expect_error("again", Error::illegal_operation, unbind(tcb));
}

TEST("binding: both can be bound anew once they are unbound") {
    const CPtr first = bare_thread();
    const CPtr second = bare_thread();
    const CPtr one = make(ObjectType::notification);
    expect_success("bind", bind(first, one));
    expect_success("unbind", unbind(first));
    expect_success("the notification", bind(second, one));
    expect_success("the thread", bind(first, make(ObjectType::notification)));
}

TEST("binding: deleting the thread frees the notification") {
    const CPtr tcb = bare_thread();
    const CPtr notification = make(ObjectType::notification);
    expect_success("bind", bind(tcb, notification));
    expect_success("delete", cap_delete(tcb));
    expect_success("bind another", bind(bare_thread(), notification));
}

TEST("binding: deleting the notification frees the thread") {
    const CPtr tcb = bare_thread();
    const CPtr notification = make(ObjectType::notification);
    expect_success("bind", bind(tcb, notification));
    expect_success("delete", cap_delete(notification));
    expect_error("nothing is bound", Error::illegal_operation, unbind(tcb));
    expect_success("bind another", bind(tcb, make(ObjectType::notification)));
}

TEST("binding: deleting the capability that was bound by harms nothing") {
    user::Thread thread;
    const CPtr plain = make(ObjectType::notification);
    const CPtr used = badged(plain, 7);
    create(thread, above);
    expect_success("bind", bind(thread.tcb(), used));
    expect_success("delete", cap_delete(used));
    expect_error("still bound", Error::illegal_operation, bind(bare_thread(), plain));
}

TEST("binding: its thread may wait for it and poll it") {
    user::Thread thread;
    const CPtr notification = make(ObjectType::notification);
    Trace trace;
    const auto body = [&] {
        trace.add(poll(notification));
        trace.add(wait(notification));
        trace.add(wait(notification));
    };
    create(thread, above);
    expect_success("bind", bind(thread.tcb(), notification));
    start(thread, body);
    signal(badged(notification, 1));
    signal(badged(notification, 2));
    trace.expect("what it got", {0, 1, 2});
}

TEST("binding: other threads can neither wait for it nor poll it") {
    const CPtr notification = make(ObjectType::notification);
    expect_success("bind", bind(bare_thread(), notification));
    signal(badged(notification, 1));
    for (const bool blocking : {true, false}) {
        FaultCatcher catcher;
        user::Thread thread;
        const auto body = [&] {
            blocking ? receive(notification) : non_blocking_receive(notification);
        };
        if (!catcher.create() || !catcher.watch(thread, above))
            return;
        start(thread, body);
        SeenFault fault;
        expect("it faults", catcher.poll(fault) && fault.label == abi::Fault::capability);
        expect_equal("capability", notification, fault.words[1]);
        expect_equal("receiving", 1, fault.words[2]);
    }
}

TEST("binding: signals accumulate while its thread does not wait") {
    user::Thread thread;
    const CPtr notification = make(ObjectType::notification);
    Word got = 0;
    const auto body = [&] { got = wait(notification); };
    create(thread, below);
    expect_success("bind", bind(thread.tcb(), notification));
    start(thread, body);
    signal(badged(notification, 1));
    signal(badged(notification, 4));
    run_others();
    expect_equal("both", 5, got);
}

TEST("binding: a thread that waits for another notification gets the signals of its own") {
    user::Thread thread;
    const CPtr own_one = make(ObjectType::notification);
    const CPtr other = make(ObjectType::notification);
    Trace trace;
    const auto body = [&] {
        for (unsigned i = 0; i < 3; i++)
            trace.add(wait(other));
    };
    create(thread, above);
    expect_success("bind", bind(thread.tcb(), own_one));
    start(thread, body);
    signal(badged(own_one, 1));
    /// @cond NONE
    if constexpr (config::synchronous_ipc) {
        // In seL4 that is so for endpoints only.
        trace.expect("it waits still", {});
        signal(badged(other, 2));
        trace.expect("for what it named", {2});
        return;
    }
    /// @endcond
    trace.expect("its own woke it", {1});
    signal(badged(other, 2));
    trace.expect("the other can too", {1, 2});
    signal(badged(own_one, 4));
    trace.expect("and again", {1, 2, 4});
}

TEST("binding: what was signalled before comes first at a wait for another") {
    user::Thread thread;
    const CPtr own_one = make(ObjectType::notification);
    const CPtr other = make(ObjectType::notification);
    Trace trace;
    const auto body = [&] {
        trace.add(wait(other));
        trace.add(poll(other));
    };
    signal(badged(own_one, 1));
    signal(badged(other, 2));
    create(thread, above);
    expect_success("bind", bind(thread.tcb(), own_one));
    start(thread, body);
    /// @cond NONE
    if constexpr (config::synchronous_ipc) {
        trace.expect("seL4: only what it named", {2, 0});
        return;
    }
    /// @endcond
    trace.expect("its own first", {1, 2});
}

TEST("binding: unbound it is an ordinary notification again") {
    user::Thread thread, waiter;
    const CPtr notification = make(ObjectType::notification);
    const CPtr other = make(ObjectType::notification);
    Word got = 0;
    const auto waits_for_other = [&] { wait(other); };
    const auto body = [&] { got = wait(notification); };
    create(thread, above);
    expect_success("bind", bind(thread.tcb(), notification));
    start(thread, waits_for_other);
    expect_success("unbind", unbind(thread.tcb()));
    start(waiter, above, body);
    signal(badged(notification, 5));
    expect_equal("whoever waits gets it", 5, got);
    expect("its thread did not", !thread.finished());
}
