// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The way into the kernel and back, register by register.
#include "kernel/riscv/csr.hpp"
#include "kernel/riscv/sbi.hpp"
#include "labs/2-notification/tests/kernel/user_code.hpp"
#include "labs/2-notification/tests/kernel/user_mode.hpp"
#include "labs/lib/protocol.hpp"

#include <array>

namespace {

using namespace setting;

constexpr unsigned register_count = 32;
constexpr const char* names[register_count] = {"pc", "ra", "sp",  "gp",  "tp", "t0", "t1", "t2",
                                               "s0", "s1", "a0",  "a1",  "a2", "a3", "a4", "a5",
                                               "a6", "a7", "s2",  "s3",  "s4", "s5", "s6", "s7",
                                               "s8", "s9", "s10", "s11", "t3", "t4", "t5", "t6"};

/// "register ra (x1) of the context", say.
bool expect_register(const char* where, unsigned number, Word expected, Word got) {
    std::array<char, 128> text = {};
    const lab::Line line = lab::Line()
                               .add(where)
                               .add(": register ")
                               .add(names[number])
                               .add(" (x")
                               .add(number)
                               .add(")");
    line.text().copy(text.data(), text.size() - 1);
    return expect_equal(text.data(), expected, got);
}

/// Where traps find a stack meanwhile.
alignas(16) constinit char stack[8192] = {};
Word stack_top() { return reinterpret_cast<Word>(stack + sizeof stack); }

/// The whole of a test but for its first line: a hart, whose stack is the test's, an address space.
struct User {
    Space space;
    Draw draw;
    Context& context = fresh();

    User() {
        this_hart().stack_top = stack_top();
        csr::clear<csr::sip>(interrupt::software);
    }
    ~User() { this_hart().stack_top = old_stack_; }
    User(const User&) = delete;
    User& operator=(const User&) = delete;

    /// A context of a thread of this hart, with random registers, that begins somewhere.
    Context& fresh(const char* code = user_call_twice) {
        Context& made = thread(100).context;
        for (unsigned i = 1; i < register_count; i++)
            made[i] = draw.word();
        made[Context::pc] = made.next_pc = space.code_address(code);
        return made;
    }
    /// Fills words of the page of data, from `first` on, that instructions load registers from.
    void fill(Word first) {
        for (unsigned i = 0; i < register_count; i++)
            space.data(first + i) = draw.word();
    }
    /// The trap came by this entry, for this reason.
    static bool expect_entry(const char* what, Trap::Entry entry, const Trap& trap) {
        return expect_equal(what, entry, trap.entry);
    }

private:
    Word old_stack_ = this_hart().stack_top;
};

/// A hart that is none, for contexts to name.
constinit Hart spare = {};

constexpr Word breakpoint = 3; // in scause

constexpr const char* came_by = "which function is called (1: syscall_entry, 2: trap_entry)";

/// Runs instructions that load every register and then trap; each must be in the context.
void expect_saved(User& at, const char* code, const char* trap_at, Trap::Entry entry) {
    for (unsigned round = 0; round < 8; round++) {
        Context& context = at.fresh(code);
        const Word first = at.draw.below(400);
        at.fill(first);
        context[Context::sp] = at.space.data_address(first);
        const Trap trap = run(context);
        if (!User::expect_entry(came_by, entry, trap) ||
            !expect_equal("the saved pc: of the instruction that trapped",
                          Space::code_address(trap_at), context[Context::pc]))
            return;
        for (unsigned i = 1; i < register_count; i++) {
            if (!expect_register("saved in the context", i, at.space.data(first + i), context[i]))
                return;
        }
    }
}

/// The registers that user_store stored are those of `context`. False if one is not.
bool expect_stored(const User& at, const Context& context, Word first) {
    for (unsigned i = 1; i < register_count; i++) {
        if (!expect_register("in user mode", i, context[i], at.space.data(first + i)))
            return false;
    }
    return true;
}

} // namespace

KERNEL_TEST("entry-saves: a system call saves every register in its place of the context") {
    reset();
    User at;
    expect_saved(at, user_load, user_call, Trap::system_call);
}

KERNEL_TEST("entry-saves-exception: an exception does so, too") {
    reset();
    User at;
    expect_saved(at, user_load_and_break, user_break, Trap::exception);
    expect_saved(at, user_load_and_fault, user_fault, Trap::exception);
}

KERNEL_TEST("entry-loads: return_to_user loads every register from the context") {
    reset();
    User at;
    for (unsigned round = 0; round < 8; round++) {
        Context& context = at.fresh(user_store);
        const Word first = at.draw.below(400);
        context[Context::sp] = at.space.data_address(first);
        const Context before = context;
        User::expect_entry(came_by, Trap::system_call, run(context));
        if (!expect_stored(at, before, first))
            return;
    }
}

KERNEL_TEST("entry-call: syscall_entry has the thread's a0 to a7; it goes on behind the ecall") {
    reset();
    User at;
    for (unsigned round = 0; round < 4; round++) {
        Context& context = at.fresh();
        const Context before = context;
        const Trap trap = run(context);
        User::expect_entry(came_by, Trap::system_call, trap);
        for (unsigned i = 0; i < 8; i++) {
            if (!expect_register("parameter of syscall_entry", Context::a0 + i,
                                 before[Context::a0 + i], trap.arguments[i]))
                return;
        }
        const Word pc = Space::code_address(user_call_twice);
        expect_equal("the saved pc: of the ecall", pc, context[Context::pc]);
        expect_equal("next_pc: behind the ecall", pc + 4, context.next_pc);
        run(context);
        expect_equal("the pc of its next ecall", pc + 4, context[Context::pc]);
    }
}

KERNEL_TEST("entry-cause: trap_entry has scause and stval; the thread would do the same again") {
    reset();
    User at;
    for (unsigned round = 0; round < 8; round++) {
        const bool faults = round % 2 == 0;
        const char* const code = faults ? user_fault : user_break;
        Context& context = at.fresh(code);
        const Word address = context[Context::a0] = at.draw.below(0x1000);
        const Trap trap = run(context);
        User::expect_entry(came_by, Trap::exception, trap);
        expect_equal("the first parameter of trap_entry: scause",
                     faults ? cause::load_page_fault : breakpoint, trap.arguments[0]);
        if (faults)
            expect_equal("the second parameter of trap_entry: stval", address, trap.arguments[1]);
        expect_equal("the saved pc", Space::code_address(code), context[Context::pc]);
        expect_equal("next_pc: the same instruction", Space::code_address(code), context.next_pc);
    }
}

KERNEL_TEST("entry-kernel: the kernel has its hart in tp, its stack in sp, and zero in sscratch") {
    reset();
    User at;
    spare.stack_top = stack_top();
    for (const char* code : {user_call_twice, user_break}) {
        Context& context = at.fresh(code);
        context.hart = &spare;
        const Trap trap = run(context);
        expect_equal("tp in the kernel: the hart that the context names",
                     reinterpret_cast<Word>(&spare), trap.tp);
        expect("sp in the kernel: on the hart's stack, near its end",
               trap.sp <= stack_top() && stack_top() - trap.sp <= 512);
        expect_equal("sp in the kernel: a multiple of 16", 0, trap.sp % 16);
        expect_equal("sscratch in the kernel", 0, trap.sscratch);
    }
}

KERNEL_TEST("entry-answer: the context that the kernel's function returns is what is loaded") {
    reset();
    User at;
    for (const char* code : {user_call_twice, user_break}) {
        Context& first = at.fresh(code);
        Context& second = at.fresh(user_store);
        const Word place = at.draw.below(400);
        second[Context::sp] = at.space.data_address(place);
        const Context before = second;
        const Traps traps = run(first, second);
        expect("there are two traps", traps.first.entry != Trap::none);
        if (!expect_stored(at, before, place))
            return;
        for (unsigned i = 1; i < register_count; i++) {
            if (!expect_register("saved in the context", i, before[i], second[i]))
                return;
        }
    }
}

KERNEL_TEST("entry-interrupt: an interrupt finds every register as it was, and comes back there") {
    reset();
    User at;
    Context& context = at.fresh(user_count);
    const Context before = context;
    for (unsigned round = 0; round < 200; round++) {
        csr::set<csr::sie>(interrupt::timer);
        sbi::set_timer(csr::read<csr::time>() + at.draw.below(20));
        const Trap trap = run(context);
        csr::clear<csr::sie>(interrupt::timer);
        expect_equal("scause", cause::interrupt | 5, trap.arguments[0]);
        const Word pc = context[Context::pc];
        expect_equal("next_pc: where it was interrupted", pc, context.next_pc);
        if (!expect("the saved pc: of the interrupted loop",
                    pc >= Space::code_address(user_count) &&
                        pc < Space::code_address(user_count_end)))
            return;
        for (unsigned i = 1; i < register_count; i++) {
            const bool counts = i == 9;
            if (!counts && !expect_register("after an interrupt", i, before[i], context[i]))
                return;
        }
    }
    expect("the loop goes on", context[9] != before[9]);
    context.next_pc = Space::code_address(user_store);
    context[Context::sp] = at.space.data_address(0);
    const Context last = context;
    run(context);
    expect_stored(at, last, 0);
}

KERNEL_TEST("entry-own: a trap of the kernel itself is told apart: kernel_trapped says where") {
    reset();
    User at;
    run(at.context);
    for (const Word address : {Word{8}, Word{0x7000}}) {
        Word pc = 0;
        const Trap trap = trap_of_kernel(address, pc);
        User::expect_entry("which function is called (3: kernel_trapped)", Trap::of_kernel, trap);
        expect_equal("its first parameter: sepc", pc, trap.arguments[0]);
        expect_equal("its second parameter: scause", cause::load_page_fault, trap.arguments[1]);
        expect_equal("its third parameter: stval", address, trap.arguments[2]);
    }
}
