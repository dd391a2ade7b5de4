// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The fault buffer of profile rel4 as a ring: signals and badges, a full ring, counters that make
/// no sense, several threads, and the end of its capabilities.
/// Read next: kernel/abi/fault_buffer.hpp.
/// @stage{2}
#include "user/tests/fault_catcher.hpp"

namespace {

Result set_fault_buffer(CPtr tcb, CPtr frame, CPtr notification) {
    return invoke(tcb, abi::TcbSetFaultBuffer{}, frame, notification);
}

/// Records as the handler sees them, without a reader that takes them.
struct Ring {
    CPtr frame = make(ObjectType::page);
    CPtr notification = make(ObjectType::notification);
    abi::FaultBuffer* buffer = reinterpret_cast<abi::FaultBuffer*>(vspace.map_somewhere(frame));

    [[nodiscard]] Word written() const { return std::atomic_ref(buffer->written).load(); }
};

/// Lets a thread fault once more: by an instruction that is none.
void fault_again(const user::Thread& thread, Word address) {
    abi::UserContext registers = {};
    registers.pc = address;
    expect_success("start", tcb_write_registers(thread.tcb(), registers, true));
}

} // namespace

TEST("fault: each record is signalled, with the badge of the capability") {
    const Ring ring;
    user::Thread thread;
    create_unwatched(thread, above);
    const CPtr badged = empty_slot();
    expect_success("badge", cap_mint(ring.notification, badged, abi::Rights::write, 0x30));
    expect_success("set", set_fault_buffer(thread.tcb(), ring.frame, badged));
    for (Word i = 1; i <= 3; i++) {
        fault_again(thread, page_with_code({0}));
        expect_equal("signal", 0x30, poll(ring.notification));
        expect_equal("records", i, ring.written());
        expect_equal("badge in the record", 0x30, ring.buffer->records[i - 1].badge);
    }
}

TEST("fault: a full ring keeps its records, and has room again when they are taken") {
    const Ring ring;
    user::Thread thread;
    create_unwatched(thread, above);
    expect_success("set", set_fault_buffer(thread.tcb(), ring.frame, ring.notification));
    const Word code = page_with_code({0});
    for (Word i = 0; i < abi::fault_records; i++)
        fault_again(thread, code);
    expect_equal("full", abi::fault_records, ring.written());
    poll(ring.notification);
    ring.buffer->records[0].words[0] = 0x77;
    fault_again(thread, code);
    expect_equal("no record", abi::fault_records, ring.written());
    expect_equal("the first is kept", 0x77, ring.buffer->records[0].words[0]);
    std::atomic_ref(ring.buffer->taken).store(1);
    fault_again(thread, code);
    expect_equal("room again", abi::fault_records + 1, ring.written());
    expect_equal("in the first place", code, ring.buffer->records[0].words[0]);
}

TEST("fault: counters that make no sense harm only the handler") {
    const Ring ring;
    user::Thread thread;
    create_unwatched(thread, above);
    expect_success("set", set_fault_buffer(thread.tcb(), ring.frame, ring.notification));
    const Word code = page_with_code({0});
    struct {
        Word written, taken, then;
    } const cases[] = {{5, 6, 5}, {0, ~Word{0} - 100, 0}, {100, 0, 100}, {~Word{0}, ~Word{0}, 0}};
    for (const auto& each : cases) {
        ring.buffer->written = each.written;
        ring.buffer->taken = each.taken;
        fault_again(thread, code);
        expect_equal("records", each.then, ring.written());
    }
}

TEST("fault: when frame or notification is deleted nobody is told") {
    const Ring ring;
    user::Thread thread;
    create_unwatched(thread, above);
    const CPtr frame = make(ObjectType::page);
    const Word code = page_with_code({0});
    expect_success("set", set_fault_buffer(thread.tcb(), frame, ring.notification));
    expect_success("revoke", cap_revoke(frame));
    expect_success("delete", cap_delete(frame));
    fault_again(thread, code);
    expect_success("set again", set_fault_buffer(thread.tcb(), ring.frame, ring.notification));
    fault_again(thread, code);
    expect_equal("told", 1, ring.written());
    expect_success("revoke", cap_revoke(ring.notification));
    fault_again(thread, code);
    expect_equal("no record without its signal", 1, ring.written());
}

TEST("fault: several threads share one buffer, told apart by badges") {
    const Ring ring;
    user::Thread threads[3];
    const Word code = page_with_code({0});
    for (Word i = 0; i < 3; i++) {
        create_unwatched(threads[i], above);
        const CPtr badged = empty_slot();
        expect_success("badge", cap_mint(ring.notification, badged, abi::all_rights, 1ULL << i));
        expect_success("set", set_fault_buffer(threads[i].tcb(), ring.frame, badged));
    }
    for (const unsigned i : {2U, 0U, 1U})
        fault_again(threads[i], code);
    expect_equal("all signals", 7, poll(ring.notification));
    const Word badges[] = {4, 1, 2};
    for (unsigned i = 0; i < 3; i++)
        expect_equal("in order", badges[i], ring.buffer->records[i].badge);
}
