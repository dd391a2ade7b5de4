// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// TCB_ReadRegisters, TCB_WriteRegisters and TCB_CopyRegisters: every error in order, and what they
/// do to threads that never ran, that run, that wait.
/// @stage{2}
#include "user/tests/threads.hpp"

namespace {

constexpr Word words = abi::user_context_words;

Result read(CPtr tcb, Word count) {
    return invoke(tcb, abi::TcbReadRegisters{.flags = 0, .count = count});
}

Result write_raw(CPtr tcb, Word length, Word count, Word flags = 0) {
    const Word label = static_cast<Word>(abi::Label::tcb_write_registers);
    return invoke_raw(tcb, MessageInfo::make(label, length), std::array{flags, count});
}

constexpr Word suspend_source = 1;
constexpr Word resume_target = 2;
constexpr Word first_half = 4;
constexpr Word second_half = 8;

Result copy_registers(CPtr target, CPtr source, Word flags) {
    return invoke(target, abi::TcbCopyRegisters{flags}, source);
}

abi::UserContext registers_of(CPtr tcb, const Place& place = Place::current()) {
    abi::UserContext registers = {};
    expect_success("registers are read", tcb_read_registers(tcb, registers), place);
    return registers;
}

} // namespace

TEST("thread: registers come back as they were written, all of them") {
    const CPtr tcb = bare_thread();
    const abi::UserContext written = distinct_registers(0x1234'5678);
    expect_success("write", tcb_write_registers(tcb, written, false));
    const Result result = read(tcb, words);
    expect_success("read", result);
    expect_equal("length of the answer", words, result.length);
    expect_registers("written", written, registers_of(tcb));
}

TEST("thread: as many registers are answered as were asked for") {
    const CPtr tcb = bare_thread();
    expect_success("write", tcb_write_registers(tcb, distinct_registers(0x1000), false));
    for (const Word count : {Word{1}, Word{4}, Word{5}, Word{16}, Word{31}}) {
        const Result result = read(tcb, count);
        expect_success("read", result);
        expect_equal("length", count, result.length);
        expect_equal("the first", 0x1000, result.words[0]);
    }
}

TEST("thread: reading registers with a short message is truncated") {
    expect_truncated(bare_thread(), abi::TcbReadRegisters{.flags = 0, .count = 0});
}

TEST("thread: reading no or too many registers is a range error, from 1 to 32") {
    const CPtr tcb = bare_thread();
    for (const Word count : {Word{0}, Word{33}, ~Word{0}})
        expect_error("count", Error::range_error, read(tcb, count), {1, words});
}

TEST("thread: its own registers can be neither read nor written, which is told last") {
    user::Thread thread;
    Result range, own_read, truncated, own_write;
    const auto body = [&] {
        range = read(thread.tcb(), 33);
        own_read = read(thread.tcb(), 1);
        truncated = write_raw(thread.tcb(), 2, 1);
        own_write = write_raw(thread.tcb(), 2, 0);
    };
    start(thread, above, body);
    expect_error("a wrong count first", Error::range_error, range);
    expect_error("read", Error::illegal_operation, own_read);
    expect_error("a short message first", Error::truncated_message, truncated);
    expect_error("write", Error::illegal_operation, own_write);
}

TEST("thread: writing registers needs two words and as many as it says") {
    const CPtr tcb = bare_thread();
    expect_truncated(tcb, abi::TcbWriteRegisters{.flags = 0, .count = 0});
    expect_error("one missing", Error::truncated_message, write_raw(tcb, 6, 5));
    expect_error("a huge count", Error::truncated_message, write_raw(tcb, 34, ~Word{0}));
    expect_success("exactly enough", write_raw(tcb, 6, 4));
    expect_success("none", write_raw(tcb, 2, 0));
    expect_success("more than there are are left out", write_raw(tcb, 120, 118));
}

TEST("thread: registers that are not written keep their values") {
    const CPtr tcb = bare_thread();
    const abi::UserContext before = distinct_registers(0x1000);
    expect_success("all", tcb_write_registers(tcb, before, false));
    abi::UserContext after = distinct_registers(0x2000, 0x5555'0000'0000'0000);
    expect_success("the first 10", tcb_write_registers(tcb, after, false, 10));
    const abi::UserContext got = registers_of(tcb);
    expect_registers("written", after, got, 0, 10);
    expect_registers("kept", before, got, 10);
}

TEST("thread: it starts at the pc it is given, with all registers") {
    user::Thread home;
    create(home, above);
    const CPtr released = make(ObjectType::notification);
    abi::UserContext registers = distinct_registers(pc_of(wait_forever));
    registers.s3 = released;
    expect_success("write and resume", tcb_write_registers(home.tcb(), registers, true));
    abi::UserContext expected = registers;
    expected.pc += 8;
    expected.a0 = released;
    expected.a7 = static_cast<Word>(abi::Syscall::receive);
    expect_registers("it waits at its system call", expected, registers_of(home.tcb()));
}

TEST("thread: it does not start before it is resumed") {
    user::Thread thread;
    create(thread, above);
    abi::UserContext registers = {};
    registers.pc = pc_of(count_forever);
    expect_success("write", tcb_write_registers(thread.tcb(), registers, false));
    expect_equal("s1", 0, registers_of(thread.tcb()).s1);
}

TEST("thread: preemption keeps every register") {
    user::Thread thread;
    create(thread, below);
    const abi::UserContext registers = distinct_registers(pc_of(spin_forever));
    expect_success("start", tcb_write_registers(thread.tcb(), registers, true));
    run_equals(below, 3);
    expect_registers("after slices of others", registers, registers_of(thread.tcb()));
}

TEST("thread: reading registers can suspend the thread") {
    user::Thread thread;
    create(thread, below);
    abi::UserContext registers = distinct_registers(pc_of(count_forever));
    expect_success("start", tcb_write_registers(thread.tcb(), registers, true));
    run_equals(below, 2);
    expect_success("read and suspend", tcb_read_registers(thread.tcb(), registers, true));
    run_equals(below, 2);
    expect_registers("nothing changes any more", registers, registers_of(thread.tcb()));
}

TEST("thread: registers of one that runs can be changed under it") {
    user::Thread thread;
    create(thread, below);
    abi::UserContext registers = distinct_registers(pc_of(spin_forever));
    expect_success("start", tcb_write_registers(thread.tcb(), registers, true));
    run_equals(below, 2);
    registers = distinct_registers(pc_of(count_forever), 0x7777'0000'0000'0000);
    expect_success("change", tcb_write_registers(thread.tcb(), registers, false));
    run_equals(below, 2);
    const abi::UserContext after = registers_of(thread.tcb());
    expect("it counts now", after.s1 > registers.s1);
    expect_registers("the others", registers, after, 6);
}

TEST("thread: copying registers needs a word and a thread") {
    const CPtr target = bare_thread();
    expect_truncated(target, abi::TcbCopyRegisters{first_half}, bare_thread());
    for (const CPtr source : {empty_slot(), own_cnode, make(ObjectType::notification)})
        expect_error("no thread", Error::invalid_capability,
                     copy_registers(target, source, first_half), {1});
}

TEST("thread: either half of the registers, both, or none are copied") {
    const CPtr source = bare_thread();
    const CPtr target = bare_thread();
    const abi::UserContext from = distinct_registers(0x1000);
    const abi::UserContext to = distinct_registers(0x2000, 0x3333'0000'0000'0000);
    expect_success("source", tcb_write_registers(source, from, false));
    for (const Word flags : {Word{0}, first_half, second_half, first_half | second_half}) {
        expect_success("target", tcb_write_registers(target, to, false));
        expect_success("copy", copy_registers(target, source, flags));
        const abi::UserContext got = registers_of(target);
        expect_registers("first half", (flags & first_half) != 0 ? from : to, got, 0, words / 2);
        expect_registers("second half", (flags & second_half) != 0 ? from : to, got, words / 2);
        expect_registers("the source", from, registers_of(source));
    }
}

TEST("thread: copying registers can suspend the source and resume the target") {
    user::Thread source, target;
    create(source, below);
    create(target, below);
    const abi::UserContext registers = distinct_registers(pc_of(count_forever));
    expect_success("start", tcb_write_registers(source.tcb(), registers, true));
    run_equals(below, 2);
    expect_success("copy",
                   copy_registers(target.tcb(), source.tcb(),
                                  suspend_source | resume_target | first_half | second_half));
    const abi::UserContext stopped = registers_of(source.tcb());
    run_equals(below, 2);
    expect_registers("the source stands", stopped, registers_of(source.tcb()));
    expect("the target went on", registers_of(target.tcb()).s1 > stopped.s1);
}

TEST("thread: copying its own registers to itself changes nothing") {
    user::Thread thread;
    Result result;
    bool went_on = false;
    const auto body = [&] {
        result = copy_registers(thread.tcb(), thread.tcb(), second_half);
        went_on = true;
    };
    start(thread, above, body);
    expect_success("copy", result);
    expect("it goes on", went_on);
}

TEST("thread: other labels are illegal operations") {
    expect_no_other_labels(bare_thread(), {abi::Label::untyped_retype, abi::Label::cnode_copy,
                                           abi::Label::page_map, abi::Label::irq_handler_ack});
}
