// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Faults of memory as messages: loads, stores and fetches, of pages that are not there or do not
/// allow it. The instruction is tried again after any answer.
/// seL4 manual 6.2.6.
/// Read next: fault_sel4_handler.cpp.
/// @stage{none}
#include "user/tests/fault_sel4.hpp"

namespace {

/// A thread that uses an address, with the test as its handler.
struct Access {
    Puppet puppet;

    void run(const char* code, Word address) {
        abi::UserContext registers = puppet.fresh();
        registers.t1 = address;
        registers.t0 = value;
        puppet.run(registers, code);
    }
    static constexpr Word value = 0x7a1e'7a1e;
};

struct Kind {
    const char* code;
    Word status;
};
constexpr Kind kinds[] = {
    {fault_load, abi::fault_status_load},
    {fault_load_reserved, abi::fault_status_load},
    {fault_store, abi::fault_status_store},
    {fault_jump, abi::fault_status_instruction},
};

/// The fault of an access: a fetch faults at the address itself.
void expect_vm_fault(const FaultHandler& handler, const Kind& kind, Word address,
                     const Place& place = Place::current()) {
    const bool fetch = kind.status == abi::fault_status_instruction;
    handler.expect(abi::Fault::vm,
                   {fetch ? address : address_of(kind.code), address, fetch ? 1U : 0U, kind.status},
                   place);
}

/// It went on and met the breakpoint behind the instruction.
void expect_behind(const FaultHandler& handler, const Access& access, const char* code,
                   const Place& place = Place::current()) {
    constexpr Word breakpoint = 3;
    handler.expect(abi::Fault::user_exception,
                   {address_of(code) + 4, access.puppet.registers().sp, breakpoint, 0}, place);
}

} // namespace

TEST("fault: memory that is not mapped, wherever it is") {
    Access access;
    if (!access.puppet.create())
        return;
    const FaultHandler handler(access.puppet, 0x33);
    const Word addresses[] = {0,
                              vspace.reserve(user::page_size) + 0x128,
                              abi::user_top - 8,
                              abi::user_top,
                              Word{1} << 38, // no address at all: Sv39 has 39 bits, with sign
                              Word{0} - 8};  // the kernel's half
    for (const Word address : addresses) {
        for (const Kind& kind : kinds) {
            access.run(kind.code, address);
            expect_vm_fault(handler, kind, address);
            answer_fault(0);
            expect_vm_fault(handler, kind, address);
            expect_success("enough", tcb_suspend(access.puppet.tcb()));
        }
    }
}

TEST("fault: the kernel's memory is not there for threads") {
    Access access;
    if (!access.puppet.create())
        return;
    const FaultHandler handler(access.puppet);
    for (const Word address :
         {Word{0xffff'ffff'8000'0000}, Word{0xffff'ffc0'8020'0000}, Word{0xffff'ffff'8020'0000}}) {
        for (const Kind& kind : kinds) {
            access.run(kind.code, address);
            expect_vm_fault(handler, kind, address);
        }
    }
}

TEST("fault: memory that may only be read") {
    Access access;
    if (!access.puppet.create())
        return;
    const FaultHandler handler(access.puppet);
    const CPtr frame = make(ObjectType::page);
    const Word page = vspace.map_somewhere(frame, abi::page_bits, abi::Rights::read);
    access.run(fault_load, page);
    expect_behind(handler, access, fault_load);
    expect_equal("loaded", 0, access.puppet.registers().t0);
    access.run(fault_store, page + 8);
    expect_vm_fault(handler, kinds[2], page + 8);
}

TEST("fault: memory that may not be executed") {
    Access access;
    if (!access.puppet.create())
        return;
    const FaultHandler handler(access.puppet);
    const Word page = vspace.map_somewhere(make(ObjectType::page));
    access.run(fault_jump, page);
    expect_vm_fault(handler, kinds[3], page);
    access.run(fault_store, page);
    expect_behind(handler, access, fault_store);
    expect_equal("stored", Access::value, *reinterpret_cast<volatile Word*>(page));
}

TEST("fault: a handler maps what is missing, and the access succeeds") {
    Access access;
    if (!access.puppet.create())
        return;
    const FaultHandler handler(access.puppet);
    for (const Kind& kind : {kinds[0], kinds[1], kinds[2]}) {
        const Word page = vspace.reserve(user::page_size);
        access.run(kind.code, page + 0x10);
        expect_vm_fault(handler, kind, page + 0x10);
        expect_success("map it", vspace.map(make(ObjectType::page), page));
        // Words and label of the answer do not matter: it is tried again.
        answer_fault(0xff, {0, 0, 0});
        expect_behind(handler, access, kind.code);
    }
}

TEST("fault: a handler unmaps and maps again what is used") {
    Access access;
    if (!access.puppet.create())
        return;
    const FaultHandler handler(access.puppet);
    const CPtr frame = make(ObjectType::page);
    const Word page = vspace.map_somewhere(frame);
    for (unsigned round = 0; round < 4; round++) {
        access.run(fault_load, page);
        expect_behind(handler, access, fault_load);
        expect_success("unmap", page_unmap(frame));
        access.run(fault_load, page);
        expect_vm_fault(handler, kinds[0], page);
        expect_success("map", vspace.map(frame, page));
        answer_fault(0);
        expect_behind(handler, access, fault_load);
    }
}

TEST("fault: an atomic access of missing memory is a fault of a load or a store") {
    // The machine decides which: a store by the specification, a load in an emulator that does
    // one after the other.
    Access access;
    if (!access.puppet.create())
        return;
    const FaultHandler handler(access.puppet);
    const Word page = vspace.reserve(user::page_size);
    access.run(fault_atomic, page);
    const Message message = poll_endpoint(handler.endpoint());
    expect_equal("fault of memory", info_word(5, 4), message.info.word);
    expect_equal("pc", address_of(fault_atomic), message.words[0]);
    expect_equal("address", page, message.words[1]);
    expect_equal("no fetch", 0, message.words[2]);
    expect("a load or a store", message.words[3] == abi::fault_status_load ||
                                    message.words[3] == abi::fault_status_store);
}

TEST("fault: a fault of memory changes no register") {
    Access access;
    if (!access.puppet.create())
        return;
    const FaultHandler handler(access.puppet);
    using Words = std::array<Word, abi::user_context_words>;
    Words expected = std::bit_cast<Words>(access.puppet.fresh());
    expected[0] = address_of(fault_load);
    access.puppet.run(access.puppet.fresh(), fault_load); // t1 is no address
    const Words got = std::bit_cast<Words>(access.puppet.registers());
    for (unsigned i = 0; i < expected.size(); i++)
        expect_equal("register", expected[i], got[i]);
    handler.expect(abi::Fault::vm,
                   {expected[0], access.puppet.fresh().t1, 0, abi::fault_status_load});
}
