// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Every way into the kernel after boot, and the one way out. riscv/entry.S has saved the registers
/// of the thread; what these functions return is the context to load. There is one thread, the root
/// task: a trap that is no system call is its end.
#include "kernel/syscall/trap.hpp"

#include "kernel/lib/assert.hpp"
#include "kernel/lib/print.hpp"
#include "kernel/riscv/sbi.hpp"
#include "kernel/sched/hart.hpp"
#include "kernel/syscall/debug.hpp"
#include "kernel/syscall/invoke.hpp"
#include "kernel/vm/vspace.hpp"

namespace trap {

namespace {

[[noreturn]] void stop(const char* reason, Word number, Word value) {
    const Context& context = current_thread().context;
    println("root task: ", reason, " ", print::Hex{number}, " at ",
            print::Hex{context[Context::pc]}, ", value ", print::Hex{value});
    sbi::stop_machine(sbi::Stop::failure);
}

/// The kernel's switch over system calls.
void serve_syscall(Tcb& tcb, CPtr cptr, abi::MessageInfo info, abi::Syscall number) {
    switch (number) {
    case abi::Syscall::call:
        return calls::invoke(cptr, info, {.is_call = true, .blocking = true});
    case abi::Syscall::send:
        return calls::invoke(cptr, info, {.is_call = false, .blocking = true});
    case abi::Syscall::non_blocking_send:
        return calls::invoke(cptr, info, {.is_call = false, .blocking = false});
    case abi::Syscall::yield:
        return;
    default:
        if (!debug::serve(tcb, number))
            stop("unknown system call", static_cast<Word>(number), 0);
    }
}

} // namespace

Context* leave() {
    Tcb& tcb = current_thread();
    if (tcb.state == Tcb::State::restart) {
        tcb.context.next_pc = tcb.context[Context::pc];
        tcb.state = Tcb::State::running;
    }
    return &tcb.context;
}

void enter_first_time(Tcb& tcb) {
    tcb.context.hart = &this_hart();
    this_hart().current = &tcb;
    vspace::switch_to(tcb);
}

} // namespace trap

void kernel_trapped(Word pc, Word number, Word value) {
    println("at ", print::Hex{pc}, ": scause ", print::Hex{number}, ", stval ", print::Hex{value});
    panic("the kernel itself trapped");
}

Context* syscall_entry(CPtr cptr, abi::MessageInfo info, Word, Word, Word, Word, Word,
                       abi::Syscall number) {
    trap::serve_syscall(current_thread(), cptr, info, number);
    return trap::leave();
}

Context* trap_entry(Word number, Word value) { trap::stop("trap", number, value); }
