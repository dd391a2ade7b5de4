// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// How long a user interrupt takes: a thread interrupts itself, so that both ends are on one hart.
///
///     rdcycle  uipi.send ─> rt_entry_that_calls ... jalr ─> rdcycle
///     before   | counted                                 | arrived
///
/// Read next: runtime/riscv/interrupt_entry.S.
/// @stage{none}
#include "user/bench/async.hpp"
#include "user/bench/async_thread.hpp"
#include "user/lib/program.hpp"

namespace bench {

namespace {

constinit Series series = {};
constinit rt::Interrupted interrupted = {};
volatile Word arrived = 0;

void handle(Word) { arrived = cycles(); }

void interrupt_itself(Word self) {
    const AsyncThread& thread = *reinterpret_cast<AsyncThread*>(self);
    interrupted.handler = handle;
    rt::enable_interrupts(rt::rt_entry_that_calls, interrupted);
    for (unsigned i = 0; i < Samples::most; i++) {
        arrived = 0;
        const Word before = cycles();
        thread.send();
        while (arrived == 0) {
        }
        series.add((arrived - before - 1) * scale);
    }
    series.operations = 1;
}

} // namespace

bool measure_interrupt() {
    const Machine machine{1, 1};
    AsyncThread thread;
    if (!thread.create(user::vspace, 0) || !AsyncThread::connect(thread, thread))
        return false;
    thread.start(interrupt_itself, reinterpret_cast<Word>(&thread));
    thread.join();
    thread.destroy();
    tell({.name = "uintr.send_to_handler"}, machine, series);
    return true;
}

} // namespace bench
