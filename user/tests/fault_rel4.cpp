// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Faults in profile rel4: TCB_SetFaultBuffer with every error, records of every kind of fault with
/// exact words, and what happens when nobody can be told.
/// Read next: fault_rel4_ring.cpp, fault_catcher.hpp.
/// @stage{2}
#include "user/tests/fault_catcher.hpp"
#include "user/tests/vspace.hpp"

namespace {

Result set_fault_buffer(CPtr tcb, CPtr frame, CPtr notification) {
    return invoke(tcb, abi::TcbSetFaultBuffer{}, frame, notification);
}

constexpr Word send_call = static_cast<Word>(abi::Syscall::send);

/// A thread with nothing but registers, whose faults are seen.
struct Faulting {
    user::Thread thread;
    FaultCatcher catcher;
    bool ready = catcher.create() && catcher.watch(thread, above);

    void run(const abi::UserContext& registers) const {
        expect_success("start", tcb_write_registers(thread.tcb(), registers, true));
    }
    /// Makes one system call.
    abi::UserContext make_call(Word number, Word a0, Word a1 = 0) const {
        abi::UserContext registers = distinct_registers(pc_of(call_once));
        registers.a0 = a0;
        registers.a1 = a1;
        registers.a7 = number;
        registers.tp = 0;
        run(registers);
        return registers;
    }
};

constexpr Word illegal_instruction = 2;
constexpr Word breakpoint = 3;

void expect_registers(CPtr tcb, const abi::UserContext& expected,
                      const Place& place = Place::current()) {
    abi::UserContext got = {};
    expect_success("read", tcb_read_registers(tcb, got), place);
    using Words = std::array<Word, abi::user_context_words>;
    for (unsigned i = 0; i < abi::user_context_words; i++)
        expect_equal("a register", std::bit_cast<Words>(expected)[i], std::bit_cast<Words>(got)[i],
                     place);
}

} // namespace

TEST("fault buffer: setting it with a short message is truncated") {
    expect_truncated(bare_thread(), abi::TcbSetFaultBuffer{}, make(ObjectType::page),
                     make(ObjectType::notification));
}

TEST("fault buffer: the frame is capability 1, before the notification is looked at") {
    const CPtr tcb = bare_thread();
    const CPtr frame = make(ObjectType::page);
    const CPtr wrong[] = {empty_slot(), own_cnode, device_frame(),
                          copy_of(frame, abi::Rights::read), copy_of(frame, abi::Rights::write)};
    for (const CPtr each : wrong)
        expect_error("frame", Error::invalid_capability, set_fault_buffer(tcb, each, 0), {1});
}

TEST("fault buffer: the notification is capability 2, and may be signalled") {
    const CPtr tcb = bare_thread();
    const CPtr frame = make(ObjectType::page);
    const CPtr notification = make(ObjectType::notification);
    const CPtr wrong[] = {empty_slot(), own_cnode, frame, copy_of(notification, abi::Rights::read)};
    for (const CPtr each : wrong)
        expect_error("notification", Error::invalid_capability, set_fault_buffer(tcb, frame, each),
                     {2});
    expect_success("may be signalled",
                   set_fault_buffer(tcb, frame, copy_of(notification, abi::Rights::write)));
    expect_success("again", set_fault_buffer(tcb, frame, notification));
    expect_success("a large page",
                   set_fault_buffer(tcb, make(ObjectType::mega_page), notification));
}

TEST("fault: a capability that is not there, in a call and in a send") {
    for (const Word number : {static_cast<Word>(abi::Syscall::call), send_call}) {
        Faulting faulting;
        const Word too_far = 0x1'0000'0000'0000;
        faulting.make_call(number, too_far);
        SeenFault fault;
        expect("it faults", faulting.ready && faulting.catcher.poll(fault));
        expect_equal("fault", abi::Fault::capability, fault.label);
        expect_equal("badge", FaultCatcher::badge, fault.badge);
        expect_equal("pc", pc_of(call_once), fault.words[0]);
        expect_equal("capability", too_far, fault.words[1]);
        expect_equal("not receiving", 0, fault.words[2]);
        expect_equal("failure", guard_mismatch, fault.words[3]);
        expect_equal("bits left", 64, fault.words[4]);
        expect_equal("the guard", 0, fault.words[5]);
        expect_equal("length", 7, fault.length);
    }
}

TEST("fault: a capability that is not there, in a wait and in a poll") {
    for (const Word number : {static_cast<Word>(abi::Syscall::receive),
                              static_cast<Word>(abi::Syscall::non_blocking_receive)}) {
        Faulting faulting;
        const CPtr slot = empty_slot();
        faulting.make_call(number, slot);
        faulting.catcher.expect("an empty slot", abi::Fault::capability,
                                {pc_of(call_once), slot, 1, missing_capability, 0});
        faulting.make_call(number, own_cnode);
        faulting.catcher.expect("a CNode", abi::Fault::capability,
                                {pc_of(call_once), own_cnode, 1, missing_capability, 0});
    }
}

TEST("fault: without a CSpace no capability is found") {
    Faulting faulting;
    const CPtr cnode = make(ObjectType::cnode, 4);
    expect_success("a CSpace",
                   invoke(faulting.thread.tcb(), abi::TcbSetSpace{0, abi::cnode_data(0, 60), 0},
                          cnode, CPtr{abi::root_vspace}));
    expect_success("it goes", cap_revoke(cnode));
    faulting.make_call(send_call, 3);
    faulting.catcher.expect(
        "send", abi::Fault::capability,
        {pc_of(call_once), 3, 0, static_cast<Word>(LookupFailure::invalid_root)});
}

TEST("fault: an unknown system call tells all registers of its message") {
    for (const Word number : {Word{0}, Word{1}, ~Word{100}, ~Word{0} << 32}) {
        Faulting faulting;
        const abi::UserContext set = faulting.make_call(number, 0x1111, 0x2222);
        faulting.catcher.expect("unknown", abi::Fault::unknown_syscall,
                                {set.pc, set.sp, set.ra, set.a0, set.a1, set.a2, set.a3, set.a4,
                                 set.a5, set.a6, number});
    }
}

TEST("fault: reply and reply-and-receive are unknown system calls here") {
    for (const Word number : {~Word{1}, ~Word{5}}) {
        Faulting faulting;
        const abi::UserContext set = faulting.make_call(number, 5);
        faulting.catcher.expect("unknown", abi::Fault::unknown_syscall,
                                {set.pc, set.sp, set.ra, set.a0, set.a1, set.a2, set.a3, set.a4,
                                 set.a5, set.a6, number});
    }
}

TEST("fault: exceptions tell their cause") {
    struct {
        uint32_t instruction;
        Word cause;
    } const cases[] = {{0, illegal_instruction},
                       {0xffff'ffff, illegal_instruction},
                       {0x1000'2573, illegal_instruction}, // csrr a0, sstatus
                       {0x1020'0073, illegal_instruction}, // sret
                       {0x0010'0073, breakpoint}};
    for (const auto& each : cases) {
        Faulting faulting;
        abi::UserContext registers = distinct_registers(page_with_code({each.instruction}));
        faulting.run(registers);
        faulting.catcher.expect("exception", abi::Fault::user_exception,
                                {registers.pc, registers.sp, each.cause, 0});
    }
}

TEST("fault: memory that is not mapped, to be read, written and executed") {
    Probe probe;
    const Word vaddr = fresh_gigabyte() + 0x2468;
    if (!probe.create())
        return;
    probe.expect_fault("load", Access::load, vaddr);
    probe.expect_fault("store", Access::store, vaddr);
    probe.expect_fault("fetch", Access::fetch, vaddr);
}

TEST("fault: whoever mends what was wrong resumes the thread, which tries again") {
    constexpr uint32_t ecall = 0x0000'0073;
    constexpr uint32_t ebreak = 0x0010'0073;
    constexpr Word badge = 0x77;
    Faulting faulting;
    const CPtr slot = empty_slot();
    const CPtr badged = empty_slot();
    const CPtr notification = make(ObjectType::notification);
    expect_success("a badge", cap_mint(notification, badged, abi::all_rights, badge));
    signal(badged);
    abi::UserContext registers = distinct_registers(page_with_code({ecall, ebreak}));
    registers.a0 = slot;
    registers.a7 = static_cast<Word>(abi::Syscall::receive);
    faulting.run(registers);
    SeenFault fault;
    expect("a wait at nothing", faulting.catcher.poll(fault));
    expect_equal("fault", abi::Fault::capability, fault.label);
    expect_success("the capability comes", cap_copy(notification, slot));
    expect_success("resume", tcb_resume(faulting.thread.tcb()));
    expect("it goes on", faulting.catcher.poll(fault));
    expect_equal("to the next instruction", abi::Fault::user_exception, fault.label);
    // It took the signal; nothing else has changed, by either fault.
    registers.pc += 4;
    registers.a0 = badge;
    expect_registers(faulting.thread.tcb(), registers);
}

TEST("fault: the handler can skip the instruction by writing the pc") {
    Faulting faulting;
    abi::UserContext registers = faulting.make_call(77, 1);
    SeenFault fault;
    expect("unknown", faulting.catcher.poll(fault));
    const CPtr awaited = make(ObjectType::notification);
    const Word before = registers.s1;
    registers.pc += 4;
    registers.s3 = awaited;
    faulting.run(registers);
    faulting.catcher.expect_none("it goes on");
    expect_success("read", tcb_read_registers(faulting.thread.tcb(), registers));
    expect_equal("the instruction behind", before + 1, registers.s1);
}

TEST("fault: without a buffer a thread stays stopped, and can be resumed") {
    user::Thread thread;
    create_unwatched(thread, above);
    const CPtr awaited = make(ObjectType::notification);
    abi::UserContext registers = distinct_registers(pc_of(call_once));
    registers.s3 = awaited;
    registers.a7 = 1000;
    expect_success("start", tcb_write_registers(thread.tcb(), registers, true));
    abi::UserContext stopped = {};
    expect_success("read", tcb_read_registers(thread.tcb(), stopped));
    expect_registers("it stands where it faulted", registers, stopped);
    stopped.pc += 4;
    expect_success("resume behind", tcb_write_registers(thread.tcb(), stopped, true));
    expect_success("read", tcb_read_registers(thread.tcb(), stopped));
    expect_equal("it waits", pc_of(wait_forever) + 8, stopped.pc);
}

TEST("profile rel4: there are no endpoints and nothing that belongs to them") {
    const CPtr untyped = make(ObjectType::untyped, 12);
    expect_error("an endpoint", Error::invalid_argument,
                 untyped_retype(untyped, ObjectType::endpoint, 0, empty_slot()), {0});
    const CPtr slot = empty_slot();
    expect_error("cancel", Error::illegal_operation,
                 invoke(own_cnode, abi::CNodeCancelBadgedSends{slot, full_depth}));
    expect_error("save caller", Error::illegal_operation,
                 invoke(own_cnode, abi::CNodeSaveCaller{slot, full_depth}));
}
