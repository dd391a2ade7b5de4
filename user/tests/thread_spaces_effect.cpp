// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A thread's CSpace, VSpace and message buffer: that they are what counts, from the moment they
/// are set until they are deleted, by the thread itself too.
/// Read next: foreign.hpp.
/// @stage{2}
#include "user/tests/cnode.hpp"
#include "user/tests/foreign.hpp"

namespace {

constexpr unsigned radix = 4;

/// A CNode whose slot 3 holds a notification. A thread of ours ends by naming capabilities of the
/// test's CSpace: with this one instead it ends in a fault.
struct SmallSpace {
    CPtr cnode = make(ObjectType::cnode, radix);
    CPtr signalled = make(ObjectType::notification);

    SmallSpace() { give(3, signalled); }

    void give(Word slot, CPtr cap) const {
        expect_success("a capability is given",
                       invoke(cnode, abi::CNodeCopy{slot, radix, cap, full_depth, abi::all_rights},
                              own_cnode));
    }
    bool use(CPtr tcb, Word guard = 0) const {
        return expect_success(
            "a CSpace", invoke(tcb, abi::TcbSetSpace{0, abi::cnode_data(guard, 64 - radix), 0},
                               cnode, abi::root_vspace));
    }
};

/// Registers for code of a foreign space.
abi::UserContext foreign_registers(void (*code)(), CPtr told = 0, CPtr awaited = 0) {
    abi::UserContext registers = {};
    registers.pc = Foreign::pc_of(code);
    registers.s0 = foreign_data;
    registers.s2 = told;
    registers.s3 = awaited;
    return registers;
}

/// Registers for call_once: an invocation without capabilities, in registers alone.
template <class I>
void put_message(abi::UserContext& registers, CPtr object, const I& arguments) {
    const auto words = words_in(arguments);
    registers.a0 = object;
    registers.a1 = info_of<I>.word;
    registers.a2 = words[0];
    registers.a3 = words[1];
    registers.a7 = static_cast<Word>(abi::Syscall::call);
}

abi::UserContext registers_of(CPtr tcb) {
    abi::UserContext registers = {};
    expect_success("registers are read", tcb_read_registers(tcb, registers));
    return registers;
}

} // namespace

TEST("thread: it names capabilities of its own CSpace") {
    const SmallSpace first, second;
    user::Thread thread;
    const auto body = [] { signal(3); };
    create_unwatched(thread, above);
    first.use(thread.tcb());
    start(thread, body);
    expect_equal("signalled", 1, poll(first.signalled) == 0 ? 1 : 0);
    first.give(4, own_cnode);
    const CPtr badged = empty_slot();
    cap_mint(second.signalled, badged, abi::all_rights, 0x22);
    second.give(5, badged);
    const auto other = [] { signal(5); };
    second.use(thread.tcb());
    start(thread, other);
    expect_equal("the second one's", 0x22, poll(second.signalled));
}

TEST("thread: the guard of its CSpace counts") {
    const SmallSpace small;
    user::Thread thread;
    constexpr Word guard = 0x123'4567'89ab'cdef >> radix;
    const CPtr badged = empty_slot();
    cap_mint(small.signalled, badged, abi::all_rights, 8);
    small.give(7, badged);
    const auto body = [] {
        non_blocking_send(7, {});
        non_blocking_send(guard << radix | 7, {});
    };
    create_unwatched(thread, above);
    small.use(thread.tcb(), guard);
    start(thread, body);
    expect_equal("with the guard only", 8, poll(small.signalled));
}

TEST("thread: without a buffer its messages have four words and no capabilities") {
    user::Thread thread;
    const CPtr untyped = make(ObjectType::untyped, 12);
    const CPtr slot = empty_slot();
    Result without;
    const auto body = [&] { without = untyped_retype(untyped, ObjectType::notification, 0, slot); };
    create(thread, above);
    expect_success("no buffer", invoke(thread.tcb(), abi::TcbSetIpcBuffer{0}, CPtr{0}));
    start(thread, body);
    expect_error("without", Error::truncated_message, without);
    expect("and nothing was made", empty(slot));
}

TEST("thread: its buffer is the frame it was given") {
    user::Thread thread;
    const CPtr untyped = make(ObjectType::untyped, 12);
    const CPtr slot = empty_slot();
    const CPtr frame = make(ObjectType::page);
    Result result;
    create(thread, above);
    auto* const page = reinterpret_cast<abi::IpcBuffer*>(vspace.map_somewhere(frame));
    const CPtr copied = empty_slot();
    expect_success("copy", cap_copy(frame, copied));
    expect_success(
        "buffer",
        invoke(thread.tcb(), abi::TcbSetIpcBuffer{reinterpret_cast<Word>(page + 2)}, copied));
    const auto body = [&] {
        const auto words = words_in(
            abi::UntypedRetype{static_cast<Word>(ObjectType::notification), 0, 0, 0, slot, 1});
        page[2].message[4] = words[4];
        page[2].message[5] = words[5];
        page[2].caps_or_badges[0] = own_cnode;
        result =
            result_of(call(untyped, {.info = info_of<abi::UntypedRetype>, .words = {words[0]}}));
    };
    start(thread, body);
    expect_success("retype", result);
    expect("the object is there", exists(slot));
}

TEST("thread: it sees the memory of its own VSpace") {
    Foreign first, second;
    const CPtr told = make(ObjectType::notification);
    const CPtr awaited = make(ObjectType::notification);
    const CPtr tcb = bare_thread();
    if (!first.create(0x1111) || !second.create(0x2222))
        return;
    first.start(tcb, below, foreign_registers(load_and_signal, told, awaited));
    wait(told);
    run_others();
    expect_equal("the first", 0x1111, registers_of(tcb).s1);
    expect_success("another", invoke(tcb, abi::TcbSetSpace{0, 0, 0}, own_cnode, second.root()));
    signal(awaited);
    wait(told);
    expect_equal("the second", 0x2222, registers_of(tcb).s1);
}

TEST("thread: two with one VSpace see the same, with two each its own") {
    Foreign first, second;
    const CPtr told = make(ObjectType::notification);
    const CPtr awaited = make(ObjectType::notification);
    if (!first.create(0x1111) || !second.create(0x2222))
        return;
    Foreign* const spaces[] = {&first, &first, &second};
    CPtr tcbs[3];
    for (unsigned i = 0; i < 3; i++) {
        tcbs[i] = bare_thread();
        spaces[i]->start(tcbs[i], below, foreign_registers(load_and_signal, told, awaited));
    }
    run_others();
    for (unsigned i = 0; i < 3; i++)
        expect_equal("what it sees", spaces[i]->value(), registers_of(tcbs[i]).s1);
}

TEST("thread: one that revokes its own CSpace has none") {
    const SmallSpace small;
    user::Thread thread;
    Result revoked;
    std::atomic<Word> steps = 0;
    create_unwatched(thread, above);
    small.give(1, own_cnode);
    small.use(thread.tcb());
    const auto body = [&] {
        revoked = invoke(1, abi::CNodeRevoke{small.cnode, full_depth});
        steps = 1;
        yield();
        steps = 2;
        signal(3);
        steps = 3;
    };
    start(thread, body);
    expect_success("revoke", revoked);
    expect_equal("it goes on until it names a capability", 2, steps);
    expect_equal("nothing was signalled", 0, poll(small.signalled));
}

TEST("thread: one that deletes its own VSpace goes no further") {
    Foreign space;
    const CPtr memory = make(ObjectType::untyped, abi::page_table_bits);
    const CPtr tcb = bare_thread();
    if (!space.create(1, abi::root_asid_pool, memory))
        return;
    abi::UserContext registers = foreign_registers(call_once, 0, make(ObjectType::notification));
    put_message(registers, own_cnode, abi::CNodeRevoke{memory, full_depth});
    space.start(tcb, above, registers);
    expect("the root is gone", empty(space.root()));
    const abi::UserContext after = registers_of(tcb);
    expect_equal("it stopped behind its system call", registers.pc + 4, after.pc);
    expect_equal("s1", 0, after.s1);
}

TEST("thread: one whose VSpace goes while it waits stops when it is woken") {
    Foreign space;
    const CPtr told = make(ObjectType::notification);
    const CPtr awaited = make(ObjectType::notification);
    const CPtr tcb = bare_thread();
    if (!space.create(5))
        return;
    space.start(tcb, above, foreign_registers(load_and_signal, told, awaited));
    expect_equal("it was there", 5, registers_of(tcb).s1);
    space.value() = 6;
    allocator.destroy(space.root());
    poll(told);
    signal(awaited);
    expect_equal("it told nothing", 0, poll(told));
    expect_equal("and saw nothing", 5, registers_of(tcb).s1);
}

TEST("thread: one that deletes itself goes no further") {
    user::Thread thread;
    std::atomic<Word> steps = 0;
    const auto body = [&] {
        steps = 1;
        cap_delete(thread.tcb());
        steps = 2;
    };
    start(thread, above, body);
    expect_equal("steps", 1, steps);
    // An interrupt may have come in between; then nobody is left to go on with the deletion.
    expect_success("what is left goes", cap_delete(thread.tcb()));
    expect("its slot is empty", empty(thread.tcb()));
}

TEST("thread: one that revokes the memory it is made of goes no further") {
    struct Task {
        CPtr memory;
        std::atomic<Word> steps = 0;
    } task{make(ObjectType::untyped, abi::tcb_bits)};
    const CPtr tcb = empty_slot();
    expect_success("a thread", untyped_retype(task.memory, ObjectType::tcb, 0, tcb));
    expect_success("spaces", invoke(tcb, abi::TcbSetSpace{0, 0, 0}, own_cnode, abi::root_vspace));
    expect_success("priority", tcb_set_priority(tcb, above));
    void (*const code)(Task&) = [](Task& mine) {
        mine.steps = 1;
        cap_revoke(mine.memory);
        mine.steps = 2;
        spin_forever();
    };
    abi::UserContext registers = {};
    registers.pc = reinterpret_cast<Word>(code);
    registers.sp = vspace.map_new(user::page_size) + user::page_size;
    registers.a0 = reinterpret_cast<Word>(&task);
    expect_success("start", tcb_write_registers(tcb, registers, true));
    expect_equal("steps", 1, task.steps);
    expect("its slot is empty", empty(tcb));
}
