// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Runs each test in a thread of its own, made of the test's own memory, so that a test that
/// faults or waits for ever fails alone. The root task itself becomes the least important thread
/// and watches: it sees the end of the test, its fault, or that its time is over.
///
///     root task   0   ##                 # # #     looks whenever all threads of the test wait
///     test        200   #####    #######
///     its helpers 0..254     ####
///
/// A test of which some thread runs for ever on the root task's hart keeps it from watching: then
/// the limit of whoever started the machine ends it.
/// @stage{2}
#include "user/lib/boot_info.hpp"
#include "user/lib/machine.hpp"
#include "user/lib/program.hpp"
#include "user/lib/test_threads.hpp"

namespace test {

namespace {

constexpr Word test_priority = 200;
constexpr Word watching_priority = 0;
constexpr Word normal_priority = 255;

/// Ticks of the clock: half a second.
constinit Word time_limit = 0;

constinit user::FaultWatch faults;

/// The thread of the test that runs.
constinit CPtr running = 0;

void enter(Word descriptor) { reinterpret_cast<const Descriptor*>(descriptor)->body(); }

/// Where a thread is, for whoever looks into the disassembly.
void tell_place(const Descriptor& test, CPtr tcb) {
    abi::UserContext registers = {};
    if (sel4::tcb_read_registers(tcb, registers, true))
        fail_at(test.file, test.line, "it was at pc ", shown(registers.pc), ", called from ",
                shown(registers.ra), ", a7 ", shown(registers.a7));
}

void watch(const Descriptor& test, const user::Thread& thread) {
    const Word start = machine::time();
    while (!thread.finished()) {
        user::Event event;
        if (faults.poll(event)) {
            fail_at(test.file, test.line, "a thread of it was stopped by ", user::text(event.fault),
                    ", pc ", shown(event.pc), ", detail ", shown(event.detail));
            break;
        }
        if (machine::time() - start > time_limit) {
            fail_at(test.file, test.line,
                    "did not end in time: it waits, or faulted, or is too slow");
            break;
        }
        sel4::yield();
    }
    if (!thread.finished())
        tell_place(test, thread.tcb());
}

} // namespace

CPtr own_thread() { return running; }

CPtr fault_handler() { return faults.handler(); }

bool watch_faults(CPtr tcb) { return faults.attach(tcb); }

void run_body(const Descriptor& test) {
    user::Thread thread;
    if (!thread.create(allocator, vspace, test_priority, faults.handler()) ||
        !faults.attach(thread.tcb())) {
        fail_at(test.file, test.line, "its thread cannot be created");
        return;
    }
    running = thread.tcb();
    sel4::tcb_set_priority(abi::root_tcb, watching_priority);
    thread.start(enter, reinterpret_cast<Word>(&test));
    watch(test, thread);
    sel4::tcb_set_priority(abi::root_tcb, normal_priority);
    sel4::tcb_suspend(thread.tcb());
    console::break_lock();
}

void prepare_runner() {
    time_limit = user::ticks_for(500);
    faults.create(user::allocator, user::vspace);
}

} // namespace test
