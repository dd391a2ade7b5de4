// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Capabilities in messages that cannot be passed on: no slot for them, no such capability, no
/// buffer, none that can be derived. The words of the message arrive all the same.
/// seL4 manual 4.2.2.
/// @stage{none}
#include "user/tests/fault_sel4.hpp"
#include "user/tests/ipc_caps.hpp"

namespace {

/// A message with one capability arrives without it.
void expect_refused(CapLine& line, CPtr cap, const Place& place = Place::current()) {
    for (const bool receiver_first : {true, false}) {
        line.pass(receiver_first, {cap});
        line.expect_received(0, 0, place);
    }
}

} // namespace

TEST("ipc caps: a slot that is full takes none") {
    CapLine line;
    if (!line.create())
        return;
    const CPtr full = make(ObjectType::page);
    const Word before = page_get_address(full).words[0];
    line.receiver.receive_into(full);
    expect_refused(line, make(ObjectType::page));
    expect_equal("it holds what it held", before, page_get_address(full).words[0]);
}

TEST("ipc caps: a slot that is not there takes none") {
    CapLine line;
    if (!line.create())
        return;
    const CPtr frame = make(ObjectType::page);
    const CPtr slot = empty_slot();
    constexpr Word far = Word{1} << 40;
    line.receiver.receive_into(slot, full_depth, far); // no such root
    expect_refused(line, frame);
    line.receiver.receive_into(slot, full_depth, empty_slot()); // an empty root
    expect_refused(line, frame);
    line.receiver.receive_into(slot, full_depth, frame); // a root that is no CNode
    expect_refused(line, frame);
    line.receiver.receive_into(far); // guard
    expect_refused(line, frame);
    expect_empty(slot);
}

TEST("ipc caps: a depth that does not lead to a slot takes none") {
    CapLine line;
    if (!line.create())
        return;
    const CPtr frame = make(ObjectType::page);
    const CPtr cnode = make(ObjectType::cnode, 4);
    for (const Word depth : {Word{0}, Word{3}, Word{5}, Word{64}, Word{65}, ~Word{0}}) {
        line.receiver.receive_into(1, depth, cnode);
        expect_refused(line, frame);
    }
    line.receiver.receive_into(1, 4, cnode);
    line.pass(true, {frame});
    line.expect_received(1, 0);
    const CPtr slot = empty_slot();
    expect_success("it is there", invoke(own_cnode, abi::CNodeMove{slot, full_depth, 1, 4}, cnode));
    expect("it is the frame", bool(page_get_address(slot)));
}

TEST("ipc caps: a slot takes one") {
    CapLine line;
    if (!line.create())
        return;
    const CPtr frame = make(ObjectType::page);
    line.fresh_slot();
    line.pass(true, {frame});
    line.expect_received(1, 0);
    expect_refused(line, frame);
}

TEST("ipc caps: what cannot be copied is not passed on") {
    CapLine line;
    if (!line.create())
        return;
    const CPtr slot = line.fresh_slot();
    expect_refused(line, abi::irq_control);
    expect_refused(line, empty_slot());
    expect_refused(line, make(ObjectType::page_table));
    const CPtr untyped = make(ObjectType::untyped, 12);
    const CPtr child = empty_slot();
    expect_success("a child", untyped_retype(untyped, ObjectType::endpoint, 0, child));
    expect_refused(line, untyped);
    expect_empty(slot);
    expect_success("without its child", cap_delete(child));
    line.pass(true, {untyped});
    line.expect_received(1, 0);
}

TEST("ipc caps: a CNode and a thread can be passed on") {
    CapLine line;
    if (!line.create())
        return;
    for (const CPtr cap : {own_cnode, line.sender.tcb()}) {
        line.fresh_slot();
        line.pass(true, {cap});
        line.expect_received(1, 0);
    }
}

TEST("ipc caps: one that is deleted while its sender waits is not passed on") {
    CapLine line;
    if (!line.create())
        return;
    const CPtr frame = make(ObjectType::page);
    line.fresh_slot();
    const Word words[] = {0x1234};
    line.sender.start(Syscall::send, line.sending,
                      request(CapLine::label, words, std::array{frame}));
    allocator.destroy(frame);
    line.receiver.start(Syscall::receive, line.endpoint);
    line.expect_received(0, 0);
}

TEST("ipc caps: without a buffer on either side none is passed on") {
    CapLine line;
    if (!line.create())
        return;
    const CPtr frame = make(ObjectType::page);
    const CPtr slot = line.fresh_slot();
    line.receiver.set_buffer(line.receiver.frame(), 0);
    expect_refused(line, frame);
    line.receiver.set_buffer(line.receiver.frame(), line.receiver.buffer_address());
    line.sender.set_buffer(line.sender.frame(), 0);
    expect_refused(line, frame);
    expect_empty(slot);
    line.sender.set_buffer(line.sender.frame(), line.sender.buffer_address());
    line.pass(true, {frame});
    line.expect_received(1, 0);
}

TEST("ipc caps: one that cannot be looked up is a fault of the sender") {
    CapLine line;
    if (!line.create(abi::Rights::write)) // without the right to grant, too
        return;
    const FaultHandler handler(line.sender, 0x17);
    line.receiver.start(Syscall::receive, line.endpoint);
    constexpr CPtr far = Word{1} << 40;
    for (const Syscall way : {Syscall::send, Syscall::call}) {
        const std::array caps{line.endpoint, far};
        line.sender.start(way, line.sending, request(1, {}, caps));
        expect("nothing is received", !line.receiver.done());
        handler.expect(abi::Fault::capability, {line.sender.registers().pc, far, 0,
                                                guard_mismatch_fault, 64, 0, root_guard_bits});
    }
    line.sender.start(Syscall::non_blocking_send, line.sending, request(1, {}, std::array{far}));
    expect("a non-blocking send goes on", line.sender.done());
    line.sender.expect_preserved();
    expect("and is lost", !line.receiver.done());
}

TEST("ipc caps: a message to nothing is a fault before its capabilities are looked at") {
    CapLine line;
    if (!line.create())
        return;
    const FaultHandler handler(line.sender);
    constexpr CPtr far = Word{1} << 40;
    constexpr CPtr farther = Word{1} << 41;
    line.sender.start(Syscall::call, far, request(1, {}, std::array{farther}));
    handler.expect(abi::Fault::capability, {line.sender.registers().pc, far, 0,
                                            guard_mismatch_fault, 64, 0, root_guard_bits});
}
