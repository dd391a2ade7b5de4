// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// TCB_Suspend and TCB_Resume in every state of a thread, its deletion, and the small settings:
/// TLS base and flags.
/// @stage{2}
#include "user/tests/cnode.hpp"
#include "user/tests/threads.hpp"

namespace {

Word thread_pointer() {
    Word value;
    asm volatile("mv %0, tp" : "=r"(value));
    return value;
}

Result set_flags(CPtr tcb, Word clear, Word set) {
    return invoke(tcb, abi::TcbSetFlags{clear, set});
}

} // namespace

TEST("thread: suspended it stands, resumed it goes on where it was") {
    user::Thread thread;
    std::atomic<Word> count = 0;
    const auto body = [&] {
        for (;;) {
            count++;
            yield();
        }
    };
    start(thread, below, body);
    run_equals(below, 4);
    expect_success("suspend", tcb_suspend(thread.tcb()));
    const Word stopped = count;
    run_equals(below, 4);
    expect_equal("count while it is suspended", stopped, count);
    expect("it had run", stopped > 0);
    expect_success("resume", tcb_resume(thread.tcb()));
    run_equals(below, 4);
    expect("it goes on", count > stopped);
}

TEST("thread: suspending twice is suspending once") {
    user::Thread thread;
    bool done = false;
    const auto body = [&] { done = true; };
    start(thread, below, body);
    expect_success("suspend", tcb_suspend(thread.tcb()));
    expect_success("suspend", tcb_suspend(thread.tcb()));
    run_others();
    expect("it does not run", !done);
    expect_success("resume", tcb_resume(thread.tcb()));
    run_others();
    expect("it runs", done);
}

TEST("thread: resuming one that is ready or runs changes nothing") {
    user::Thread thread;
    Word count = 0;
    const auto body = [&] {
        tcb_resume(thread.tcb());
        count++;
    };
    start(thread, below, body);
    expect_success("ready", tcb_resume(thread.tcb()));
    run_others();
    expect_equal("it ran once", 1, count);
}

TEST("thread: it can suspend itself; resumed it makes that system call again") {
    user::Thread thread;
    std::atomic<Word> steps = 0;
    const auto body = [&] {
        steps++;
        tcb_suspend(thread.tcb());
        steps++;
    };
    start(thread, above, body);
    expect_equal("before", 1, steps);
    expect_success("resume", tcb_resume(thread.tcb()));
    expect_equal("it suspended itself again", 1, steps);
    abi::UserContext registers = {};
    expect_success("read", tcb_read_registers(thread.tcb(), registers));
    registers.pc += 4;
    registers.a1 = 0;
    expect_success("behind the call", tcb_write_registers(thread.tcb(), registers, true));
    expect_equal("after", 2, steps);
}

TEST("thread: suspended in a wait it leaves the queue, resumed it waits again") {
    user::Thread thread;
    const CPtr awaited = make(ObjectType::notification);
    Word got = 0;
    const auto body = [&] { got = wait(awaited); };
    start(thread, above, body);
    const CPtr badged = empty_slot();
    cap_mint(awaited, badged, abi::all_rights, 0x70);
    expect_success("suspend", tcb_suspend(thread.tcb()));
    expect_success("resume", tcb_resume(thread.tcb()));
    expect_equal("it waits", 0, got);
    signal(badged);
    expect_equal("it got the signal", 0x70, got);
}

TEST("thread: a signal while it is suspended is kept for its wait") {
    user::Thread thread;
    const CPtr awaited = make(ObjectType::notification);
    Word got = 0;
    const auto body = [&] { got = wait(awaited); };
    const CPtr badged = empty_slot();
    cap_mint(awaited, badged, abi::all_rights, 0x71);
    start(thread, above, body);
    expect_success("suspend", tcb_suspend(thread.tcb()));
    signal(badged);
    expect_equal("it is not woken", 0, got);
    expect_success("resume", tcb_resume(thread.tcb()));
    expect_equal("it takes it", 0x71, got);
}

TEST("thread: resuming one that waits makes it wait anew, behind others") {
    user::Thread first, second;
    const CPtr awaited = make(ObjectType::notification);
    Trace trace;
    const auto body_of_first = [&] {
        wait(awaited);
        trace.add(1);
    };
    const auto body_of_second = [&] {
        wait(awaited);
        trace.add(2);
    };
    start(first, above, body_of_first);
    start(second, above, body_of_second);
    expect_success("resume", tcb_resume(first.tcb()));
    signal(awaited);
    signal(awaited);
    trace.expect("the other was first", {2, 1});
}

TEST("thread: one that waits can be sent elsewhere") {
    user::Thread thread;
    const CPtr awaited = make(ObjectType::notification);
    bool woken = false;
    const auto waits = [&] {
        wait(awaited);
        woken = true;
    };
    bool ran = false;
    const auto other = [&] { ran = true; };
    start(thread, above, waits);
    start(thread, other);
    expect("it ran elsewhere", ran);
    signal(awaited);
    expect("nobody waits any more", !woken && poll(awaited) == 0);
}

TEST("thread: deleting it stops it, whether it runs") {
    user::Thread thread;
    std::atomic<Word> count = 0;
    const auto body = [&] {
        for (;;) {
            count++;
            yield();
        }
    };
    start(thread, below, body);
    run_equals(below, 3);
    const Word stopped = count;
    expect_success("delete", cap_delete(thread.tcb()));
    run_equals(below, 3);
    expect("it had run", stopped > 0);
    expect_equal("count", stopped, count);
}

TEST("thread: deleting it stops it, whether it waits") {
    user::Thread first, second;
    const CPtr awaited = make(ObjectType::notification);
    Trace trace;
    const auto body_of_first = [&] {
        wait(awaited);
        trace.add(1);
    };
    const auto body_of_second = [&] {
        wait(awaited);
        trace.add(2);
    };
    start(first, above, body_of_first);
    start(second, above, body_of_second);
    expect_success("delete", cap_delete(first.tcb()));
    signal(awaited);
    trace.expect("only the other is woken", {2});
}

TEST("thread: one of several capabilities to it may go") {
    user::Thread thread;
    bool done = false;
    const CPtr copied = empty_slot();
    const auto body = [&] {
        done = true;
        for (;;)
            tcb_suspend(copied);
    };
    start(thread, below, body);
    expect_success("copy", cap_copy(thread.tcb(), copied));
    expect_success("delete the first", cap_delete(thread.tcb()));
    run_others();
    expect("it runs still", done);
}

TEST("thread: a new one is inactive, with priority 0 and nothing in its registers") {
    const CPtr tcb = bare_thread();
    abi::UserContext registers = distinct_registers(1);
    expect_success("read", tcb_read_registers(tcb, registers));
    expect_registers("registers", {}, registers);
    expect_error("it may give no priority but 0", Error::range_error,
                 invoke(bare_thread(), abi::TcbSetPriority{1}, tcb), {0, 0});
}

TEST("thread: the TLS base needs a word, and is register tp") {
    const CPtr tcb = bare_thread();
    expect_truncated(tcb, abi::TcbSetTlsBase{1});
    const abi::UserContext before = distinct_registers(0x1000);
    expect_success("write", tcb_write_registers(tcb, before, false));
    expect_success("set", invoke(tcb, abi::TcbSetTlsBase{0x4321}));
    abi::UserContext after = {};
    expect_success("read", tcb_read_registers(tcb, after));
    expect_equal("tp", 0x4321, after.tp);
    after.tp = before.tp;
    expect_registers("the others", before, after);
}

TEST("thread: it can set its own TLS base") {
    user::Thread thread;
    Word got = 0;
    const auto body = [&] {
        const Word old = thread_pointer();
        invoke(thread.tcb(), abi::TcbSetTlsBase{0x8888});
        got = thread_pointer();
        asm volatile("mv tp, %0" : : "r"(old));
    };
    start(thread, above, body);
    expect_equal("tp", 0x8888, got);
}

TEST("thread: flags are cleared, then set, and answered; unknown ones are none") {
    const CPtr tcb = bare_thread();
    expect_truncated(tcb, abi::TcbSetFlags{0, 1});
    struct {
        Word clear, set, then;
    } const steps[] = {{0, 0, 0}, {0, 1, 1}, {0, 0, 1}, {1, 1, 1}, {1, 0, 0}, {0, ~Word{1}, 0}};
    for (const auto& step : steps) {
        const Result result = set_flags(tcb, step.clear, step.set);
        expect_success("set", result);
        expect_equal("length", 1, result.length);
        expect_equal("flags", step.then, result.words[0]);
    }
}
