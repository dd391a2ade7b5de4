// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Capability faults as messages: every way in which a lookup fails, of sends and of receives.
/// seL4 manual 6.2.1.
/// Read next: fault_sel4_exception.cpp.
/// @stage{none}
#include "user/tests/fault_sel4.hpp"

namespace {

constexpr unsigned radix = 4;
/// Guards of the thread's CSpace: 60 bits with the index, so 4 are left for a CNode inside.
constexpr Word guard = 0x5a;
constexpr Word guard_size = 56;
/// A pointer to a slot of the thread's CNode, with four bits behind.
constexpr CPtr at(Word index, Word rest = 0) { return guard << 8 | index << 4 | rest; }

enum Slot : Word { handler_slot = 1, endpoint_slot, small_cnode, large_cnode, notification_slot };

/// A puppet with a CSpace of its own. Its own TCB is not there, so it can only fault.
struct Confined {
    Puppet puppet;
    CPtr cnode = 0;
    CPtr handler = 0;

    void put(CPtr cap, Word index, Word rights = abi::all_rights) const {
        expect_success(
            "fill the CSpace",
            invoke(cnode, abi::CNodeCopy{index, radix, cap, full_depth, rights}, own_cnode));
    }

    bool create() {
        cnode = make(ObjectType::cnode, radix);
        handler = make_endpoint();
        put(handler, handler_slot);
        put(make_endpoint(), endpoint_slot, abi::Rights::write | abi::Rights::grant);
        put(make(ObjectType::cnode, 2), small_cnode);
        put(make(ObjectType::cnode, 8), large_cnode);
        put(make(ObjectType::notification), notification_slot, abi::Rights::write);
        return puppet.create() &&
               expect_success(
                   "its CSpace",
                   invoke(puppet.tcb(),
                          abi::TcbSetSpace{at(handler_slot), abi::cnode_data(guard, guard_size), 0},
                          cnode, vspace.root()));
    }

    /// It makes a system call and faults with these words behind the address.
    void expect_fault(Syscall number, CPtr cptr, std::initializer_list<Word> details,
                      const Place& place = Place::current()) {
        abi::UserContext registers = puppet.fresh();
        registers.a7 = static_cast<Word>(number);
        registers.a0 = cptr;
        registers.a1 = 0;
        puppet.run(registers, fault_ecall);
        const Message message = poll_endpoint(handler);
        expect_equal("capability fault", info_word(1, 3 + details.size()), message.info.word,
                     place);
        expect_equal("pc", address_of(fault_ecall), message.words[0], place);
        expect_equal("capability pointer", cptr, message.words[1], place);
        const bool sending = number == Syscall::send || number == Syscall::call;
        expect_equal("receiving", sending ? 0 : 1, message.words[2], place);
        unsigned i = 3;
        for (const Word detail : details) {
            const Word got = i < 4 ? message.words[i] : ipc_buffer().message[i];
            if (got != detail)
                fail(place, "word ", i, ": expected ", shown(detail), ", got ", shown(got));
            i++;
        }
    }
};

constexpr Syscall blocking[] = {Syscall::send, Syscall::call, Syscall::receive,
                                Syscall::non_blocking_receive, Syscall::reply_receive};

} // namespace

TEST("fault: a guard that does not match, in sends and receives") {
    Confined confined;
    if (!confined.create())
        return;
    for (const Syscall number : blocking)
        confined.expect_fault(number, 0x1234, {guard_mismatch_fault, 64, guard, guard_size});
}

TEST("fault: a CNode that needs more bits than are left, in sends and receives") {
    Confined confined;
    if (!confined.create())
        return;
    for (const Syscall number : blocking)
        confined.expect_fault(number, at(large_cnode, 7), {depth_mismatch_fault, 4, 8});
}

TEST("fault: an empty slot, in receives") {
    Confined confined;
    if (!confined.create())
        return;
    for (const Syscall number :
         {Syscall::receive, Syscall::non_blocking_receive, Syscall::reply_receive}) {
        confined.expect_fault(number, at(9), {missing_capability_fault, 0});
        confined.expect_fault(number, at(small_cnode, 0b0100), {missing_capability_fault, 0});
    }
}

TEST("fault: no right to read, in receives") {
    Confined confined;
    if (!confined.create())
        return;
    for (const Syscall number :
         {Syscall::receive, Syscall::non_blocking_receive, Syscall::reply_receive}) {
        confined.expect_fault(number, at(endpoint_slot), {missing_capability_fault, 0});
        confined.expect_fault(number, at(notification_slot), {missing_capability_fault, 0});
    }
}

TEST("fault: bits behind a capability are ignored, the pointer is told as it is") {
    Confined confined;
    if (!confined.create())
        return;
    for (Word rest = 0; rest < 16; rest++)
        confined.expect_fault(Syscall::receive, at(9, rest), {missing_capability_fault, 0});
    abi::UserContext registers = confined.puppet.fresh();
    registers.a7 = static_cast<Word>(Syscall::send);
    registers.a0 = at(handler_slot, 0xf);
    registers.a1 = info_word(0x51, 0);
    confined.puppet.run(registers, fault_ecall);
    expect_equal("sent", info_word(0x51, 0), poll_endpoint(confined.handler).info.word);
}

TEST("fault: the capability fault of a receiver answers nothing, but loses no senders") {
    Puppet puppet;
    Puppet sender;
    if (!puppet.create() || !sender.create())
        return;
    const FaultHandler handler(puppet);
    const CPtr endpoint = make_endpoint();
    sender.start(Syscall::send, endpoint, request(4));
    const CPtr late = empty_slot();
    puppet.start(Syscall::receive, late);
    handler.expect(abi::Fault::capability,
                   {puppet.registers().pc, late, 1, missing_capability_fault, 0});
    // The handler mends what was missing; any answer lets the thread try again.
    expect_success("the capability comes", cap_copy(endpoint, late));
    answer_fault(0x123, {1, 2, 3});
    expect("it has received", puppet.done() && sender.done());
    expect_equal("info", info_word(4, 0), puppet.info().word);
    puppet.expect_preserved(a0, a5);
}

TEST("fault: a capability fault of a send is tried again when answered") {
    Puppet puppet;
    if (!puppet.create())
        return;
    const FaultHandler handler(puppet);
    constexpr CPtr far = Word{1} << 40;
    puppet.start(Syscall::send, far);
    for (unsigned i = 0; i < 3; i++) {
        handler.expect(abi::Fault::capability, {puppet.registers().pc, far, 0, guard_mismatch_fault,
                                                64, 0, root_guard_bits});
        answer_fault(0);
    }
}

TEST("fault: words that do not fit into the handler's registers are cut") {
    Puppet puppet;
    Puppet server;
    if (!puppet.create() || !server.create())
        return;
    const FaultHandler handler(puppet);
    server.set_buffer(server.frame(), 0);
    puppet.start(Syscall::receive, Word{1} << 40);
    server.start(Syscall::receive, handler.endpoint());
    expect_equal("four words", info_word(1, 4), server.info().word);
    expect_equal("pointer", Word{1} << 40, server.word(1));
    expect_equal("kind", guard_mismatch_fault, server.word(3));
}
