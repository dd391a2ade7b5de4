// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Tests that fail, each in a way of its own: what the framework makes of them is what check.py
/// looks at. Between them and at the end are tests that pass, because a broken test must not harm
/// those behind it.
/// Read next: check.py.
/// @stage{2}
#include "user/lib/machine.hpp"
#include "user/lib/program.hpp"
#include "user/lib/test_threads.hpp"
#include "user/tests/suite.hpp"

namespace {

constexpr Word nowhere = 0x1230;

constexpr Word above = 210; // the test has 200
constexpr Word below = 100;

void store_nowhere(Word) { *reinterpret_cast<volatile Word*>(nowhere) = 1; }

void store_five(Word address) { *reinterpret_cast<volatile Word*>(address) = 5; }

void wait_for_ever(Word notification) { wait(notification); }

} // namespace

TEST("passes: the first") { expect_equal("a number", 1, 1); }

TEST("fails: a number") { expect_equal("a number", 0x10, 0x11); }

TEST("fails: an error") {
    expect_error("an error", Error::delete_first, Result{.error = Error::range_error});
}

TEST("fails: a detail of an error") {
    Result result{.error = Error::range_error};
    result.words[1] = 5;
    expect_error("an error", Error::range_error, result, {0, 6});
}

TEST("fails: more often than is told") {
    for (Word i = 0; i < 9; i++)
        expect_equal("a number", 100, i);
}

TEST("fails: stores where nothing is mapped") { store_nowhere(0); }

TEST("fails: jumps to where nothing is mapped") { reinterpret_cast<void (*)()>(nowhere)(); }

TEST("fails: an illegal instruction") { asm volatile("unimp"); }

TEST("fails: an unknown system call") { asm volatile("li a7, 77\n\tecall" : : : "a7"); }

TEST("fails: a thread of the test faults") {
    user::Thread thread;
    if (create(thread, above))
        thread.start(store_nowhere);
    thread.join();
}

TEST("passes: after threads that faulted") {
    user::Thread thread;
    volatile Word value = 0;
    if (create(thread, above))
        thread.start(store_five, reinterpret_cast<Word>(&value));
    thread.join();
    expect_equal("what the thread stored", 5, value);
}

TEST("fails: waits for ever") { wait(make(ObjectType::notification)); }

TEST("fails: runs for ever and lets others run") {
    for (;;)
        yield();
}

TEST("fails: keeps a slot") { user::allocator.slot(); }

TEST("fails: keeps memory") { user::allocator.make(ObjectType::page); }

TEST("passes: leaves threads, objects and mappings behind") {
    user::Thread threads[4];
    const CPtr notification = make(ObjectType::notification);
    for (user::Thread& thread : threads)
        if (create(thread, &thread < &threads[2] ? above : below))
            thread.start(wait_for_ever, notification);
    expect("memory is mapped", vspace.map_new(64 * user::page_size) != 0);
}

TEST("skips: says why") { skip("there is a reason"); }

TEST("fails: ends the machine") { machine::exit(9); }

TEST("passes: after the machine was started again") {}

TEST("fails: keeps its hart for ever") {
    // More important than whoever watches the time.
    for (;;) {
    }
}

TEST("passes: the last") {}
