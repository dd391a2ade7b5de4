// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Every way into the kernel after boot, and the one way out. riscv/entry.S has saved the registers
/// of the thread; what these functions return is the context to load.
///
///     user ──ecall──────────> syscall_entry ─┐
///     user ──exception──────> trap_entry ────┼─ lock, work ─> leave: schedule, unlock ─> user
///     user ──interrupt──────> trap_entry ────┘
///
/// @stage{2}
#include "kernel/syscall/trap.hpp"

#include "kernel/ipc/fault.hpp"
#include "kernel/lib/assert.hpp"
#include "kernel/lib/lock.hpp"
#include "kernel/lib/print.hpp"
#include "kernel/object/irq.hpp"
#include "kernel/object/notification.hpp"
#include "kernel/riscv/csr.hpp"
#include "kernel/riscv/plic.hpp"
#include "kernel/riscv/timer.hpp"
#include "kernel/sched/remote.hpp"
#include "kernel/sched/scheduler.hpp"
#include "kernel/syscall/check.hpp"
#include "kernel/syscall/debug.hpp"
#include "kernel/syscall/invoke.hpp"
#include "kernel/syscall/receive.hpp"
/// @cond LAB6
#include "kernel/async/registration.hpp"
#include "kernel/syscall/preempt.hpp"
/// @endcond
/// @cond LAB3
#include "kernel/riscv/user_interrupt.hpp"
#include "kernel/sched/park.hpp"
/// @endcond
/// @cond NONE
#include "kernel/ipc/fastpath.hpp"
#include "kernel/object/domain.hpp"
#include "kernel/object/reply.hpp"
#include "kernel/riscv/fpu.hpp"
#include "kernel/sched/handover.hpp"
/// @endcond

namespace trap {

constinit TicketLock kernel_lock;

namespace {

void lock() {
    if constexpr (config::smp)
        kernel_lock.acquire([] { remote::serve(); });
}

/// Another hart stopped the thread before this one had the lock: its trap is not served now.
bool was_stalled() {
    if constexpr (!config::smp)
        return false;
    Hart& hart = this_hart();
    const bool stalled = hart.stalled;
    hart.stalled = false;
    return stalled;
}

void serve_timer(HartIndex hart) {
    /// @cond LAB3
    park::wake_sleepers();
    /// @endcond
    if (!timer::take_tick(hart))
        return;
    /// @cond LAB6
    // Who never traps is served too.
    Registration* registration = current_thread().registration;
    if (registration != nullptr && registration->has_news())
        registration->wake();
    /// @endcond
    sched::tick();
    /// @cond NONE
    if constexpr (config::domains > 1) {
        if (hart == 0)
            domain::tick();
    }
    /// @endcond
}

/// One interrupt of this hart, which `number`, register scause, may tell.
void serve_interrupt([[maybe_unused]] Word number) {
    /// @cond LAB3
    if (number == cause::interrupt) // of U-mode
        return user_interrupt::refuse();
    /// @endcond
    const Word waiting = interrupt::waiting();
    const HartIndex hart = this_hart().index;
    if ((waiting & interrupt::external) != 0) {
        const Word irq = plic::claim(hart);
        if (irq != 0) {
            plic::complete(hart, irq);
            irq::handle(irq);
        }
    } else if ((waiting & interrupt::timer) != 0) {
        serve_timer(hart);
    } else if ((waiting & interrupt::software) != 0) {
        csr::clear<csr::sip>(interrupt::software);
        remote::serve();
        sched::reschedule();
    }
}

/// @cond LAB6
/// Looks out for the next request without the lock, for a moment, while the owner is at work on
/// another hart: under load nobody has to be woken. False if the worker must not be touched.
bool comes_soon(const Registration& registration) {
    constexpr unsigned looks = 1000;
    if (!registration.owner_runs_elsewhere())
        return false;
    Hart& hart = this_hart();
    unlock();
    bool came = false;
    for (unsigned i = 0; i < looks && !came && !hart.stalled && !preempt::interrupted(); i++) {
        came = registration.news_in_sight();
        remote::serve();
    }
    lock();
    return came || hart.stalled;
}

/// As long as the current thread is one that serves, it does so, turn by turn.
[[gnu::noinline]] void serve_registrations() {
    while (current_thread().state == Tcb::State::serving) {
        Registration& registration = *current_thread().registration;
        if (!registration.serve() && !comes_soon(registration) && registration.sleep())
            sched::reschedule();
        sched::schedule();
        if (!this_hart().stalled &&
            (current_thread().state != Tcb::State::serving || !preempt::pending()))
            continue;
        // As if the hart had been in user mode: interrupts are served, other harts are let in.
        unlock();
        remote::serve();
        lock();
        this_hart().stalled = false;
        serve_interrupt(cause::interrupt | 1);
        sched::schedule();
    }
}

/// @endcond
/// Until a thread is ready, the hart sleeps. Interrupts wake it without a trap.
[[gnu::noinline]] void sleep() {
    Hart& hart = this_hart();
    // The time of domains goes on, whatever runs.
    const bool ticking = config::domains > 1 && hart.index == 0;
    if (!ticking)
        timer::pause(hart.index);
    while (hart.current == &hart.idle) {
        unlock();
        wait_for_interrupt();
        remote::serve();
        lock();
        hart.stalled = false;
        serve_interrupt(cause::interrupt | 1);
        sched::schedule();
    }
    if (!ticking)
        timer::resume(hart.index);
}

/// A thread that has to make its system call again, or to start, goes where its pc says.
void activate(Tcb& tcb) {
    if (tcb.state != Tcb::State::restart)
        return;
    tcb.context.next_pc = tcb.context[Context::pc];
    tcb.state = Tcb::State::running;
}

void serve_exception(Tcb& tcb, Word number, Word value) {
    switch (number) {
    case cause::instruction_access_fault:
    case cause::instruction_page_fault:
        return fault::memory(tcb, VAddr(value), abi::fault_status_instruction);
    case cause::load_access_fault:
    case cause::load_page_fault:
        return fault::memory(tcb, VAddr(value), abi::fault_status_load);
    case cause::store_access_fault:
    case cause::store_page_fault:
        return fault::memory(tcb, VAddr(value), abi::fault_status_store);
    /// @cond NONE
    case cause::illegal_instruction:
        if (fpu::first_use(tcb, value))
            return;
        break;
    /// @endcond
    default:
        break;
    }
    fault::user_exception(tcb, number);
}

/// @cond NONE
/// Answering, and answering and receiving.
[[maybe_unused]] void serve_reply(Tcb& tcb, CPtr cptr, abi::Syscall number) {
    if (number == abi::Syscall::reply)
        reply::answer_caller(tcb);
    else if (!reply::answer_and_go_on_later(tcb, cptr))
        calls::receive(cptr, true);
}

/// @endcond
/// The kernel's switch over system calls.
// NOLINTNEXTLINE(readability-function-size): a line or two for each
void serve_syscall(Tcb& tcb, CPtr cptr, abi::MessageInfo info, abi::Syscall number) {
    switch (number) {
    case abi::Syscall::call:
        return calls::invoke(cptr, info, {.is_call = true, .blocking = true});
    case abi::Syscall::send:
        return calls::invoke(cptr, info, {.is_call = false, .blocking = true});
    case abi::Syscall::non_blocking_send:
        return calls::invoke(cptr, info, {.is_call = false, .blocking = false});
    case abi::Syscall::receive:
        return calls::receive(cptr, true);
    case abi::Syscall::non_blocking_receive:
        return calls::receive(cptr, false);
    case abi::Syscall::yield:
        return sched::yield();
    /// @cond NONE
    case abi::Syscall::reply_receive:
    case abi::Syscall::reply:
        if constexpr (config::synchronous_ipc)
            return serve_reply(tcb, cptr, number);
        break;
    case abi::Syscall::benchmark_flush_caches:
    case abi::Syscall::benchmark_null:
    /// @endcond
    /// @cond LAB3
    case abi::Syscall::uintr_park:
        return park::park(tcb, cptr, info.word);
    /// @endcond
    /// @cond LAB6
    case abi::Syscall::uintr_wake_syscall_handler:
        if (tcb.registration != nullptr)
            tcb.registration->wake();
        return;
    /// @endcond
    case abi::Syscall::debug_put_char:
    case abi::Syscall::debug_dump_scheduler:
    case abi::Syscall::debug_halt:
    case abi::Syscall::debug_cap_identify:
    case abi::Syscall::debug_snapshot:
    case abi::Syscall::debug_name_thread:
    case abi::Syscall::debug_send_ipi:
    case abi::Syscall::debug_thread_affinity:
        if (debug::serve(tcb, number))
            return;
        break;
    }
    fault::unknown_syscall(tcb, static_cast<Word>(number));
}

/// What the kernel does itself, until there is a thread for user mode.
[[gnu::noinline]] void work() {
    /// @cond LAB6
    serve_registrations();
    /// @endcond
    while (this_hart().current == &this_hart().idle) {
        sleep();
        /// @cond LAB6
        serve_registrations();
        /// @endcond
    }
}

/// Is the current thread one that is never in user mode?
bool stays_in_kernel() {
    /// @cond LAB6
    if (current_thread().state == Tcb::State::serving)
        return true;
    /// @endcond
    return current_thread().state == Tcb::State::idle;
}

} // namespace

Context* leave() {
    if (this_hart().action != Hart::Action::resume) {
        sched::schedule();
        if (stays_in_kernel())
            work();
    }
    Tcb& tcb = current_thread();
    activate(tcb);
    check::everything();
    unlock();
    return &tcb.context;
}

Context* serve(CPtr cptr, abi::MessageInfo info, abi::Syscall number) {
    serve_syscall(current_thread(), cptr, info, number);
    return leave();
}

/// @cond NONE
Context* serve_call(CPtr cptr, abi::MessageInfo info) {
    calls::invoke(cptr, info, {.is_call = true, .blocking = true});
    return leave();
}
/// @endcond

void enter_first_time(Tcb& tcb) {
    lock();
    sched::switch_to(tcb);
    sched::reschedule();
}

} // namespace trap

void kernel_trapped(Word pc, Word number, Word value) {
    println("at ", print::Hex{pc}, ": scause ", print::Hex{number}, ", stval ", print::Hex{value});
    panic("the kernel itself trapped");
}

Context* syscall_entry(CPtr cptr, abi::MessageInfo info, [[maybe_unused]] Word word0,
                       [[maybe_unused]] Word word1, [[maybe_unused]] Word word2,
                       [[maybe_unused]] Word word3, Word, abi::Syscall number) {
    trap::lock();
    if (trap::was_stalled())
        return trap::leave();
    /// @cond NONE
    if constexpr (config::fastpath && config::synchronous_ipc) {
        if (number == abi::Syscall::call) [[likely]]
            return fastpath::call(cptr, info, word0, word1, word2, word3);
        if (number == abi::Syscall::reply_receive) [[likely]]
            return fastpath::reply_receive(cptr, info, word0, word1, word2, word3);
        if (number == abi::Syscall::send) [[likely]]
            return fastpath::send(cptr, info);
    }
    /// @endcond
    return trap::serve(cptr, info, number);
}

/// @cond NONE
Context* park_entry(Word sender, Word deadline) {
    trap::lock();
    if (trap::was_stalled())
        return trap::leave();
    return handover::park(sender, deadline);
}
/// @endcond

Context* trap_entry(Word number, Word value) {
    /// @cond NONE
    trace::trapped(number);
    /// @endcond
    // What another hart waits for comes before the lock, which it may hold.
    remote::serve();
    trap::lock();
    if (!trap::was_stalled()) {
        if ((number & cause::interrupt) != 0)
            trap::serve_interrupt(number);
        else
            trap::serve_exception(current_thread(), number, value);
    }
    return trap::leave();
}
