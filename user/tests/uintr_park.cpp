// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Parking and time: deadlines of many sleepers, those that have passed or never come, and sleepers
/// that are stopped, go on, or are deleted.
/// Read next: uintr_park_peers.cpp.
/// @stage{3}
#include "user/lib/machine.hpp"
#include "user/tests/uintr.hpp"

#include <iterator>

namespace {

/// Some hundred thousandths of a second.
Word tens_of_microseconds(Word count) { return count * user::ticks_per_second() / 100'000; }

void spin_until(Word time) {
    while (machine::time() < time) {
    }
}

/// A thread that parks until its deadline, and then adds its number to a trace.
struct Sleeper {
    Word number = 0;
    Word deadline = 0;
    Trace* trace = nullptr;
    Word late = 0;
    user::Thread thread;

    void operator()() {
        uintr_park(abi::no_sender, deadline);
        late = machine::time() - deadline;
        trace->add(number);
    }
    void start(Trace& where) {
        trace = &where;
        create(thread, above);
        expect_success("register", register_receiver(make(ObjectType::notification), thread.tcb(),
                                                     make(ObjectType::page)));
        ::start(thread, *this);
    }
};

} // namespace

TEST("uintr: many sleepers wake in the order of their deadlines") {
    if (!interrupts_exist())
        return;
    constexpr unsigned count = 16;
    Sleeper sleepers[count];
    Trace trace;
    const Word start = machine::time() + tens_of_microseconds(3000); // debug builds are slow
    for (unsigned i = 0; i < count; i++) {
        sleepers[i].number = i * 7 % count; // 0, 7, 14, 5, ...
        sleepers[i].deadline = start + tens_of_microseconds(10 * sleepers[i].number);
        sleepers[i].start(trace);
    }
    expect("all sleep by then", machine::time() < start);
    expect_equal("nobody is early", 0, trace.count());
    spin_until(start + tens_of_microseconds(Word{10} * count));
    expect_equal("everybody woke", count, trace.count());
    for (Word i = 0; i < trace.count(); i++)
        expect_equal("in order", i, trace[i]);
    constexpr unsigned most = config::debug ? 50 : 5; // a debug kernel looks at itself now and then
    for (const Sleeper& sleeper : sleepers)
        expect("in time", sleeper.late < tens_of_microseconds(most));
}

TEST("uintr: sleepers with the same deadline all wake") {
    if (!interrupts_exist())
        return;
    Sleeper sleepers[5];
    Trace trace;
    const Word deadline = machine::time() + tens_of_microseconds(100);
    for (Sleeper& sleeper : sleepers) {
        sleeper.deadline = deadline;
        sleeper.start(trace);
    }
    expect_equal("nobody is early", 0, trace.count());
    spin_until(deadline + tens_of_microseconds(10));
    expect_equal("everybody woke", 5, trace.count());
}

TEST("uintr: who woke of an interrupt sleeps no more, and leaves the others' deadlines alone") {
    if (!interrupts_exist())
        return;
    Sleeper early;
    Sleeper late;
    Trace trace;
    early.number = 1;
    late.number = 2;
    early.deadline = machine::time() + tens_of_microseconds(200);
    late.deadline = early.deadline + tens_of_microseconds(50);
    early.start(trace);
    late.start(trace);
    const CPtr more = make(ObjectType::notification);
    register_receiver(more, early.thread.tcb(), make(ObjectType::page));
    signal(more);
    trace.expect("the first is woken", {1});
    spin_until(late.deadline + tens_of_microseconds(10));
    trace.expect("the second has its time", {1, 2});
    expect("in time", late.late < tens_of_microseconds(5));
}

TEST("uintr: a deadline that has passed, and parking without a receiver, do not block") {
    if (!interrupts_exist())
        return;
    for (const Word deadline : {Word{0}, Word{1}, machine::time() + 1'000'000'000, ~Word{0}})
        expect_equal("without a receiver", 0, uintr_park(abi::no_sender, deadline));
    const Registered receiver;
    for (const Word ago : {Word{0}, Word{1}, machine::time() - 1})
        expect_equal("passed", 0, uintr_park(abi::no_sender, machine::time() - ago));
    need_sender_table();
    const Word index = sender(receiver.badged(1));
    rt::send(index);
    expect_equal("what is pending comes first", bit(receiver.vector_of(1)),
                 uintr_park(abi::no_sender, 1));
}

TEST("uintr: deadlines that never come keep nobody else from waking") {
    if (!interrupts_exist())
        return;
    const Word far[] = {~Word{0}, ~Word{0} - 1, Word{1} << 63, machine::time() + (Word{1} << 40)};
    Sleeper sleepers[std::size(far)];
    Trace trace;
    for (unsigned i = 0; i < std::size(far); i++) {
        sleepers[i].deadline = far[i];
        sleepers[i].start(trace);
    }
    const Registered receiver;
    const Word soon = machine::time() + tens_of_microseconds(50);
    expect_equal("a near one", 0, uintr_park(abi::no_sender, soon));
    expect("in time", machine::time() - soon < tens_of_microseconds(5));
    expect_equal("they sleep", 0, trace.count());
}

TEST("uintr: ticks go on while there are deadlines") {
    if (!interrupts_exist())
        return;
    Sleeper sleeper;
    Trace trace;
    sleeper.deadline = machine::time() + tens_of_microseconds(10'000);
    sleeper.start(trace);
    std::atomic<Word> turns = 0;
    user::Thread equal;
    const auto counts = [&] {
        for (;;)
            turns++;
    };
    start(equal, as_test, counts);
    spin_until(sleeper.deadline - tens_of_microseconds(1));
    expect("slices end", turns != 0);
    spin_until(sleeper.deadline + tens_of_microseconds(1000));
    trace.expect("so does sleep", {0});
}

TEST("uintr: an interrupt at the time of the deadline is not lost") {
    if (!interrupts_exist())
        return;
    user::Thread thread;
    std::atomic<Word> received = 0;
    std::atomic<Word> slept = 0;
    create(thread, above);
    const Registered receiver(thread.tcb());
    need_sender_table();
    const Word index = sender(receiver.badged(1));
    const Word step = tens_of_microseconds(3);
    const auto body = [&] {
        for (;;) {
            const Word vectors = uintr_park(abi::no_sender, machine::time() + step);
            (vectors != 0 ? received : slept)++;
        }
    };
    start(thread, body);
    Draw draw(3);
    for (Word i = 1; i <= 500; i++) {
        spin_until(machine::time() + draw.below(2 * step));
        rt::send(index); // it will be seen at the next deadline if nothing wakes
        if (!expect("it comes", comes_true([&] { return received == i; }, 1000)))
            break;
    }
    expect("some deadlines passed", slept > 50);
}

TEST("uintr: a sleeper that is stopped sleeps on when it goes on, and not beyond its deadline") {
    if (!interrupts_exist())
        return;
    for (const bool after_deadline : {false, true}) {
        Sleeper sleeper;
        Trace trace;
        sleeper.deadline = machine::time() + tens_of_microseconds(150);
        sleeper.start(trace);
        expect_success("suspend", tcb_suspend(sleeper.thread.tcb()));
        if (after_deadline)
            spin_until(sleeper.deadline + tens_of_microseconds(10));
        expect_equal("it stands", 0, trace.count());
        expect_success("resume", tcb_resume(sleeper.thread.tcb()));
        expect_equal("at once if it is too late", after_deadline ? 1 : 0, trace.count());
        expect_success("while it sleeps", tcb_resume(sleeper.thread.tcb()));
        spin_until(sleeper.deadline + tens_of_microseconds(10));
        expect_equal("at its deadline", 1, trace.count());
    }
}

TEST("uintr: a sleeper that is deleted is forgotten") {
    if (!interrupts_exist())
        return;
    Sleeper first;
    Sleeper second;
    Trace trace;
    first.deadline = machine::time() + tens_of_microseconds(150);
    second.deadline = first.deadline + 1;
    first.start(trace);
    second.start(trace);
    allocator.destroy(first.thread.tcb());
    const CPtr memory = make(ObjectType::page); // perhaps where it was
    map(memory)[0] = ~Word{0};
    spin_until(second.deadline + tens_of_microseconds(10));
    trace.expect("the other wakes", {0});
}
