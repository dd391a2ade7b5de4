// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Unknown system calls and exceptions as messages, and what the handler's answer does to the
/// thread: registers are changed, and a label other than 0 leaves it stopped.
/// seL4 manual 6.2.2, 6.2.3.
/// Read next: fault_sel4_vm.cpp.
/// @stage{none}
#include "user/tests/fault_sel4.hpp"

namespace {

constexpr Word illegal_instruction = 2;
constexpr Word breakpoint = 3;

/// A thread with the test as its handler.
struct Faulting {
    Puppet puppet;
    abi::UserContext before = {};

    void run(const char* code) {
        before = puppet.fresh();
        puppet.run(before, code);
        before.pc = address_of(code);
    }
    /// Fails the test unless its registers are those.
    void expect_registers(const abi::UserContext& expected,
                          const Place& place = Place::current()) const {
        using Words = std::array<Word, abi::user_context_words>;
        const Words wanted = std::bit_cast<Words>(expected);
        const Words got = std::bit_cast<Words>(puppet.registers());
        for (unsigned i = 0; i < wanted.size(); i++)
            if (wanted[i] != got[i])
                fail(place, "word ", i, " of its registers: expected ", shown(wanted[i]), ", got ",
                     shown(got[i]));
    }
    /// It goes on and meets the breakpoint behind the instruction.
    void expect_behind(const FaultHandler& handler, const char* code,
                       const Place& place = Place::current()) const {
        handler.expect(abi::Fault::user_exception,
                       {address_of(code) + 4, puppet.registers().sp, breakpoint, 0}, place);
    }
};

constexpr Word unknown_numbers[] = {0, 1, Word{0} - 31, Word{0} - 1000, Word{1} << 63};

void run_unknown(Faulting& faulting, Word number) {
    faulting.before = faulting.puppet.fresh();
    faulting.before.a7 = number;
    faulting.puppet.run(faulting.before, fault_ecall);
    faulting.before.pc = address_of(fault_ecall);
}

void expect_unknown(const FaultHandler& handler, const abi::UserContext& r,
                    const Place& place = Place::current()) {
    handler.expect(abi::Fault::unknown_syscall,
                   {r.pc, r.sp, r.ra, r.a0, r.a1, r.a2, r.a3, r.a4, r.a5, r.a6, r.a7}, place);
}

} // namespace

TEST("fault: an unknown system call tells all its registers") {
    Faulting faulting;
    if (!faulting.puppet.create())
        return;
    const FaultHandler handler(faulting.puppet, 0x99);
    for (const Word number : unknown_numbers) {
        run_unknown(faulting, number);
        faulting.expect_registers(faulting.before);
        expect_unknown(handler, faulting.before);
    }
}

TEST("fault: debug system calls are unknown in a release build") {
    Faulting faulting;
    if (!faulting.puppet.create())
        return;
    if (config::debug)
        return skip("a debug build");
    const FaultHandler handler(faulting.puppet);
    for (const Syscall number :
         {Syscall::debug_put_char, Syscall::debug_dump_scheduler, Syscall::debug_halt,
          Syscall::debug_cap_identify, Syscall::debug_snapshot, Syscall::debug_name_thread,
          Syscall::debug_send_ipi, Syscall::debug_thread_affinity}) {
        run_unknown(faulting, static_cast<Word>(number));
        expect_unknown(handler, faulting.before);
    }
}

TEST("fault: the answer to an unknown system call sets up to ten registers") {
    Faulting faulting;
    if (!faulting.puppet.create())
        return;
    const FaultHandler handler(faulting.puppet);
    for (Word length = 0; length <= 12; length++) {
        run_unknown(faulting, 77);
        expect_unknown(handler, faulting.before);
        abi::UserContext after = faulting.before;
        Word* const registers[] = {&after.pc, &after.sp, &after.ra, &after.a0, &after.a1,
                                   &after.a2, &after.a3, &after.a4, &after.a5, &after.a6};
        Word words[12] = {address_of(fault_ecall) + 4};
        for (unsigned i = 1; i < 12; i++)
            words[i] = 0x1000 + i;
        for (unsigned i = 0; i < length && i < std::size(registers); i++)
            *registers[i] = words[i];
        reply(place(MessageInfo::make(0, length), words, {}));
        if (length == 0) { // it makes the same system call again
            expect_unknown(handler, faulting.before);
            continue;
        }
        faulting.expect_registers(after);
        faulting.expect_behind(handler, fault_ecall);
    }
}

TEST("fault: an answer with a label leaves the thread stopped, with new registers") {
    Faulting faulting;
    if (!faulting.puppet.create())
        return;
    const FaultHandler handler(faulting.puppet);
    run_unknown(faulting, 77);
    expect_unknown(handler, faulting.before);
    answer_fault(1, {address_of(fault_ecall) + 4, 0x5000, 0x6000, 0x7000});
    handler.expect_none();
    abi::UserContext after = faulting.before;
    after.pc += 4;
    after.sp = 0x5000;
    after.ra = 0x6000;
    after.a0 = 0x7000;
    faulting.expect_registers(after);
    expect_success("it can be resumed", tcb_resume(faulting.puppet.tcb()));
    faulting.expect_behind(handler, fault_ecall);
}

TEST("fault: exceptions tell their cause") {
    struct Case {
        const char* code;
        Word cause;
    };
    constexpr Case cases[] = {
        {fault_breakpoint, breakpoint},    {fault_zero, illegal_instruction},
        {fault_ones, illegal_instruction}, {fault_supervisor, illegal_instruction},
        {fault_sret, illegal_instruction},
    };
    Faulting faulting;
    if (!faulting.puppet.create())
        return;
    const FaultHandler handler(faulting.puppet, 0x99);
    for (const Case& each : cases) {
        faulting.run(each.code);
        faulting.expect_registers(faulting.before);
        handler.expect(abi::Fault::user_exception,
                       {address_of(each.code), faulting.before.sp, each.cause, 0});
        answer_fault(0, {address_of(each.code) + 4});
        faulting.expect_behind(handler, each.code);
    }
}

TEST("fault: the answer to an exception sets pc and sp, no more") {
    Faulting faulting;
    if (!faulting.puppet.create())
        return;
    const FaultHandler handler(faulting.puppet);
    for (Word length = 1; length <= 6; length++) {
        faulting.run(fault_zero);
        handler.expect(abi::Fault::user_exception,
                       {address_of(fault_zero), faulting.before.sp, illegal_instruction, 0});
        const Word words[6] = {address_of(fault_zero) + 4, 0x4000, 3, 4, 5, 6};
        reply(place(MessageInfo::make(0, length), words, {}));
        abi::UserContext after = faulting.before;
        after.pc += 4;
        after.sp = length > 1 ? 0x4000 : after.sp;
        faulting.expect_registers(after);
        faulting.expect_behind(handler, fault_zero);
    }
}

TEST("fault: an exception answered with nothing happens again, with a label stops") {
    Faulting faulting;
    if (!faulting.puppet.create())
        return;
    const FaultHandler handler(faulting.puppet);
    faulting.run(fault_zero);
    for (unsigned i = 0; i < 3; i++) {
        handler.expect(abi::Fault::user_exception,
                       {address_of(fault_zero), faulting.before.sp, illegal_instruction, 0});
        answer_fault(0);
    }
    handler.expect(abi::Fault::user_exception,
                   {address_of(fault_zero), faulting.before.sp, illegal_instruction, 0});
    answer_fault(abi::mask(52), {address_of(fault_zero) + 4});
    handler.expect_none();
    expect_equal("pc", address_of(fault_zero) + 4, faulting.puppet.registers().pc);
}

TEST("fault: a misaligned atomic access is an exception") {
    Faulting faulting;
    if (!faulting.puppet.create())
        return;
    const FaultHandler handler(faulting.puppet);
    const Word page = vspace.map_new(user::page_size);
    for (const char* code : {fault_atomic, fault_load_reserved}) {
        faulting.before = faulting.puppet.fresh();
        faulting.before.t1 = page + 1;
        faulting.puppet.run(faulting.before, code);
        // An emulator may load before it stores.
        constexpr Word load_misaligned = 4;
        constexpr Word store_misaligned = 6;
        const Message message = poll_endpoint(handler.endpoint());
        expect_equal("exception", info_word(3, 4), message.info.word);
        expect_equal("pc", address_of(code), message.words[0]);
        expect("misaligned",
               message.words[2] == load_misaligned || message.words[2] == store_misaligned);
        answer_fault(1);
    }
}
