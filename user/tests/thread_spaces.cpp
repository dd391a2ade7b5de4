// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// TCB_Configure, TCB_SetSpace and TCB_SetIPCBuffer: every error in order. What they do to a thread
/// is in thread_spaces_effect.cpp.
/// @stage{2}
#include "user/tests/threads.hpp"

namespace {

constexpr Word some_buffer = 0x1000'0000;
/// A guard that makes a CNode resolve more than 64 bits.
constexpr Word guard_too_long = abi::cnode_data(0, 60);

/// What Configure gets; each test spoils some of it.
struct Spaces {
    CPtr cspace = own_cnode;
    CPtr vspace = abi::root_vspace;
    CPtr frame = make(ObjectType::page);
    Word cspace_data = 0;
    Word buffer = some_buffer;
};

Result configure(CPtr tcb, const Spaces& spaces) {
    return invoke(tcb, abi::TcbConfigure{0, spaces.cspace_data, 0, spaces.buffer}, spaces.cspace,
                  spaces.vspace, spaces.frame);
}

Result set_space(CPtr tcb, const Spaces& spaces) {
    return invoke(tcb, abi::TcbSetSpace{0, spaces.cspace_data, 0}, spaces.cspace, spaces.vspace);
}

Result set_buffer(CPtr tcb, CPtr frame, Word address) {
    return invoke(tcb, abi::TcbSetIpcBuffer{address}, frame);
}

/// A CNode, by its only capability, is the CSpace of a thread.
void lose_cnode(CPtr tcb) {
    const CPtr cnode = make(ObjectType::cnode, 4);
    expect_success("a CSpace", set_space(tcb, {.cspace = cnode}));
    expect_success("its other capability goes", cap_delete(cnode));
}

} // namespace

TEST("thread: what is configured rightly succeeds, again and again") {
    const CPtr tcb = bare_thread();
    const Spaces spaces;
    expect_success("first", configure(tcb, spaces));
    expect_success("again", configure(tcb, spaces));
    expect_success("spaces", set_space(tcb, spaces));
    expect_success("no buffer", configure(tcb, {.frame = 0, .buffer = 0}));
}

TEST("thread: configuring with a short message is truncated") {
    const CPtr tcb = bare_thread();
    const CPtr frame = make(ObjectType::page);
    expect_truncated(tcb, abi::TcbConfigure{0, 0, 0, 1}, own_cnode, abi::root_vspace, frame);
    expect_truncated(tcb, abi::TcbSetSpace{0, 0, 0}, own_cnode, abi::root_vspace);
    expect_truncated(tcb, abi::TcbSetIpcBuffer{1}, frame);
}

TEST("thread: configure looks at the buffer's frame before anything else") {
    const CPtr tcb = bare_thread();
    const Spaces wrong = {.cspace = used_untyped(), .vspace = 0};
    Spaces spaces = wrong;
    spaces.frame = empty_slot();
    expect_error("no capability", Error::illegal_operation, configure(tcb, spaces));
    spaces.frame = used_untyped();
    expect_error("cannot be derived", Error::revoke_first, configure(tcb, spaces));
    spaces.frame = device_frame();
    expect_error("a device", Error::illegal_operation, configure(tcb, spaces));
    spaces = wrong;
    spaces.buffer = some_buffer + 8;
    expect_error("not aligned", Error::alignment_error, configure(tcb, spaces));
}

TEST("thread: what the frame is comes before its address's alignment") {
    const CPtr tcb = bare_thread();
    for (const CPtr frame : {empty_slot(), own_cnode, device_frame()}) {
        expect_error("configure", Error::illegal_operation,
                     configure(tcb, {.frame = frame, .buffer = some_buffer + 1}));
        expect_error("set buffer", Error::illegal_operation,
                     set_buffer(tcb, frame, some_buffer + 1));
    }
}

TEST("thread: the buffer's address is aligned to its size") {
    const CPtr tcb = bare_thread();
    const CPtr frame = make(ObjectType::page);
    for (const Word wrong : {Word{8}, Word{512}, Word{1023}})
        expect_error("not aligned", Error::alignment_error,
                     set_buffer(tcb, frame, some_buffer + wrong));
    for (const Word right : {Word{0}, Word{1024}, Word{3072}})
        expect_success("aligned", set_buffer(tcb, frame, some_buffer + right));
}

TEST("thread: without an address the buffer's capability is not looked at") {
    const CPtr tcb = bare_thread();
    for (const CPtr frame : {empty_slot(), own_cnode, used_untyped()}) {
        expect_success("set buffer", set_buffer(tcb, frame, 0));
        expect_success("configure", configure(tcb, {.frame = frame, .buffer = 0}));
    }
}

TEST("thread: the CSpace is a CNode, and comes before the VSpace") {
    const CPtr tcb = bare_thread();
    const CPtr wrong_vspace = used_untyped();
    for (const CPtr cspace : {empty_slot(), abi::CPtr{abi::root_vspace}, bare_thread()}) {
        const Spaces spaces = {.cspace = cspace, .vspace = wrong_vspace};
        expect_error("configure", Error::illegal_operation, configure(tcb, spaces));
        expect_error("set space", Error::illegal_operation, set_space(tcb, spaces));
    }
}

TEST("thread: a CSpace that cannot be derived says why") {
    const CPtr tcb = bare_thread();
    const Spaces spaces = {.cspace = used_untyped(), .vspace = 0};
    expect_error("configure", Error::revoke_first, configure(tcb, spaces));
    expect_error("set space", Error::revoke_first, set_space(tcb, spaces));
}

TEST("thread: a guard that does not fit makes the CSpace none") {
    const CPtr tcb = bare_thread();
    Spaces spaces = {.cspace = make(ObjectType::cnode, 8), .cspace_data = guard_too_long};
    expect_error("set space", Error::illegal_operation, set_space(tcb, spaces));
    expect_error("configure", Error::illegal_operation, configure(tcb, spaces));
    spaces.cspace_data = abi::cnode_data(0, 56);
    expect_success("one that fits", set_space(tcb, spaces));
}

TEST("thread: the VSpace is a page table with an ASID") {
    const CPtr tcb = bare_thread();
    for (const CPtr root : {empty_slot(), own_cnode, make(ObjectType::page)}) {
        expect_error("configure", Error::illegal_operation, configure(tcb, {.vspace = root}));
        expect_error("set space", Error::illegal_operation, set_space(tcb, {.vspace = root}));
    }
    const Spaces plain = {.vspace = make(ObjectType::page_table)};
    expect_error("not assigned", Error::illegal_operation, set_space(tcb, plain));
    const Spaces untyped = {.vspace = used_untyped()};
    expect_error("cannot be derived", Error::revoke_first, set_space(tcb, untyped));
    expect_error("cannot be derived", Error::revoke_first, configure(tcb, untyped));
}

TEST("thread: an error changes neither CSpace nor VSpace") {
    user::Thread thread;
    const CPtr signalled = make(ObjectType::notification);
    const auto body = [&] { signal(signalled); };
    create(thread, above);
    expect_error("configure", Error::illegal_operation,
                 configure(thread.tcb(), {.cspace = make(ObjectType::cnode, 4), .vspace = 0}));
    expect_error("a wrong frame", Error::illegal_operation, configure(thread.tcb(), {.frame = 0}));
    start(thread, body);
    expect("it has its CSpace still", thread.finished());
}

TEST("thread: spaces cannot be replaced while that would delete a CNode") {
    const CPtr tcb = bare_thread();
    lose_cnode(tcb);
    const Spaces spaces;
    expect_error("set space", Error::illegal_operation, set_space(tcb, spaces));
    expect_error("configure", Error::illegal_operation, configure(tcb, spaces));
    expect_error("before the CSpace is looked at", Error::illegal_operation,
                 set_space(tcb, {.cspace = used_untyped()}));
    expect_error("after the buffer", Error::alignment_error,
                 configure(tcb, {.buffer = some_buffer + 1}));
}
