// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Changes of priority: of the thread that runs, of one that is ready, of one that waits.
/// @stage{2}
#include "user/tests/threads.hpp"

TEST("scheduling: a ready thread that becomes more important runs at once") {
    user::Thread thread;
    Trace trace;
    const auto body = [&] { trace.add(1); };
    start(thread, below, body);
    trace.add(0);
    expect_success("raise", tcb_set_priority(thread.tcb(), above));
    trace.add(2);
    trace.expect("order", {0, 1, 2});
}

TEST("scheduling: a ready thread that becomes an equal waits for its turn") {
    user::Thread thread;
    Trace trace;
    const auto body = [&] { trace.add(1); };
    start(thread, below, body);
    expect_success("raise", tcb_set_priority(thread.tcb(), as_test));
    trace.add(0);
    yield();
    trace.add(2);
    trace.expect("order", {0, 1, 2});
}

TEST("scheduling: a thread that becomes less important than a ready one stops at once") {
    user::Thread first, second;
    Trace trace;
    const auto body_of_first = [&] {
        trace.add(1);
        tcb_set_priority(first.tcb(), below - 2);
        trace.add(1);
    };
    const auto body_of_second = [&] { trace.add(2); };
    start(first, below, body_of_first);
    start(second, below - 1, body_of_second);
    run_others();
    trace.expect("order", {1, 2, 1});
}

TEST("scheduling: a thread that stays the most important goes on whatever its priority") {
    user::Thread first, second;
    Trace trace;
    const auto body_of_first = [&] {
        for (const Word priority : {below + 50, below, below - 1}) {
            trace.add(1);
            tcb_set_priority(first.tcb(), priority);
        }
    };
    const auto body_of_second = [&] { trace.add(2); };
    start(first, below, body_of_first);
    start(second, below - 2, body_of_second);
    run_others();
    trace.expect("order", {1, 1, 1, 2});
}

TEST("scheduling: the priority of a thread that waits counts when it is woken") {
    user::Thread thread;
    Trace trace;
    const CPtr notification = make(ObjectType::notification);
    const auto body = [&] {
        for (unsigned i = 0; i < 3; i++) {
            wait(notification);
            trace.add(1);
        }
    };
    start(thread, above, body);
    expect_success("lower", tcb_set_priority(thread.tcb(), below));
    signal(notification);
    trace.add(0);
    run_others();
    expect_success("raise", tcb_set_priority(thread.tcb(), above));
    signal(notification);
    trace.add(0);
    trace.expect("order", {0, 1, 1, 0});
}

TEST("scheduling: a change of priority neither wakes nor starts a thread") {
    user::Thread waiting, suspended;
    bool ran = false;
    const CPtr notification = make(ObjectType::notification);
    const auto waits = [&] {
        wait(notification);
        ran = true;
    };
    const auto runs = [&] { ran = true; };
    start(waiting, above, waits);
    start(suspended, below, runs);
    expect_success("suspend", tcb_suspend(suspended.tcb()));
    for (const Word priority : {above, below, above + 1}) {
        expect_success("waiting", tcb_set_priority(waiting.tcb(), priority));
        expect_success("suspended", tcb_set_priority(suspended.tcb(), priority));
    }
    run_others();
    expect("neither ran", !ran);
}

TEST("scheduling: ready threads run in the order of priorities they have last") {
    constexpr unsigned count = 5;
    struct Body {
        Trace* trace;
        Word number;
        void operator()() const { trace->add(number); }
    } bodies[count];
    user::Thread threads[count];
    Trace trace;
    for (unsigned i = 0; i < count; i++) {
        bodies[i] = {&trace, i};
        start(threads[i], below, bodies[i]);
    }
    constexpr Word priorities[count] = {70, 130, 20, 190, 64};
    for (unsigned i = 0; i < count; i++)
        expect_success("change", tcb_set_priority(threads[i].tcb(), priorities[i]));
    run_others();
    trace.expect("order", {3, 1, 0, 4, 2});
}

TEST("scheduling: both priorities set at once count at once") {
    user::Thread thread;
    Trace trace;
    const auto body = [&] { trace.add(1); };
    start(thread, below, body);
    trace.add(0);
    expect_success("raise",
                   invoke(thread.tcb(), abi::TcbSetSchedParams{3, above}, CPtr{abi::root_tcb}));
    trace.add(2);
    trace.expect("order", {0, 1, 2});
}

TEST("scheduling: the greatest priority a thread may give changes nothing for itself") {
    user::Thread thread;
    Trace trace;
    const auto body = [&] { trace.add(1); };
    start(thread, below, body);
    expect_success("greatest",
                   invoke(thread.tcb(), abi::TcbSetMcPriority{255}, CPtr{abi::root_tcb}));
    trace.add(0);
    run_others();
    trace.expect("order", {0, 1});
}

TEST("scheduling: an equal that is suspended and resumed, raised and lowered, runs once") {
    user::Thread thread;
    Word count = 0;
    const auto body = [&] { count++; };
    start(thread, below, body);
    for (unsigned i = 0; i < 20; i++) {
        tcb_suspend(thread.tcb());
        tcb_set_priority(thread.tcb(), below + i);
        tcb_resume(thread.tcb());
        tcb_set_priority(thread.tcb(), below - i);
    }
    run_others();
    expect_equal("runs", 1, count);
}
