// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// seL4's signal, poll and wait on top of user interrupts.
/// @stage{5}
#include "runtime/signals.hpp"
#include "user/tests/runtime.hpp"

namespace {

/// Runs `body` in a thread with a runtime.
template <class Body>
void run_with_runtime(RuntimeThread& thread, const Body& body) {
    const auto inside = [&] {
        rt::FramePool pool(thread.memory(), RuntimeThread::frame_bytes);
        rt::Executor executor(pool);
        rt::Notified self(executor, thread.objects());
        rt::Signals signals(self);
        body(executor, self, signals);
    };
    start(thread.thread(), inside);
    thread.thread().join();
}

rt::Task<> wait_for(rt::Frames /*frames*/, rt::Signals* signals, Trace* trace, unsigned count) {
    for (unsigned i = 0; i < count; i++) {
        const auto badges = co_await signals->wait();
        trace->add(badges);
    }
}

} // namespace

TEST("signals: polling takes what was signalled, without a trap") {
    RuntimeThread thread(above);
    const CPtr one = thread.badged(1), two = thread.badged(2);
    run_with_runtime(thread, [&](rt::Executor&, rt::Notified&, rt::Signals& signals) {
        expect_equal("nothing yet", 0, signals.poll());
        signals.signal(one);
        signals.signal(two);
        expect_equal("both", 3, signals.poll());
        expect_equal("taken", 0, signals.poll());
        signal(two); // the kernel's
        expect_equal("whoever signals", 2, signals.poll());
    });
}

TEST("signals: a coroutine waits while others run, and the thread sleeps when none does") {
    RuntimeThread thread(above);
    const CPtr four = thread.badged(4);
    Trace trace;
    const auto signaller = [&] {
        for (unsigned i = 0; i < 3; i++)
            signal(four);
    };
    user::Thread other;
    create(other, below);
    start(other, signaller);
    run_with_runtime(thread, [&](rt::Executor& executor, rt::Notified& self, rt::Signals& signals) {
        expect("a task", executor.spawn(wait_for(executor.pool(), &signals, &trace, 3), 1));
        self.run([&] { return trace.count() == 3; });
    });
    trace.expect("each woke it", {4, 4, 4});
}
