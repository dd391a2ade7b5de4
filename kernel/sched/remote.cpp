// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Both ends of remote work.
/// @stage{2}
#include "kernel/sched/remote.hpp"

/// @cond LAB3
#include "kernel/riscv/fence.hpp"
/// @endcond
#include "kernel/riscv/sbi.hpp"
#include "kernel/riscv/tlb.hpp"
#include "kernel/sched/scheduler.hpp"
#include "kernel/vm/vspace.hpp"

namespace remote {

namespace {

/// Has `hart` do the work that it finds in its work_... members, and waits for the end.
void ask(Hart& hart, RemoteWork work) {
    // Release: the partner is serve(), which must see work_space and work_address, and all that
    // was changed before (a page-table entry, say).
    hart.work.store(work, std::memory_order_release);
    sbi::send_ipi(hart.sbi_id);
    // Acquire: partner is the end of serve(): what it wrote (registers of a thread) is seen here.
    while (hart.work.load(std::memory_order_acquire) != RemoteWork::none) {
    }
}

void ask_about(Hart& hart, RemoteWork work, vm::Space space, VAddr address) {
    hart.work_space = space;
    hart.work_address = address;
    ask(hart, work);
}

/// The thread of this hart stops; what runs next is decided when the hart has the lock. Its asker
/// has the lock and waits, so that run queues can be touched here.
void stop_current(Hart& hart) {
    Tcb& tcb = *hart.current;
    // Whatever it came into the kernel for was not done: it will come again.
    tcb.context.next_pc = tcb.context[Context::pc];
    if (tcb.runnable() && !tcb.queued)
        sched::queue_of(tcb).prepend(tcb);
    sched::switch_to(hart.idle);
    hart.action = Hart::Action::choose;
    hart.stalled = true;
}

void flush_others(RemoteWork work, vm::Space space, VAddr address) {
    if constexpr (!config::smp)
        return;
    vm::AsidEntry& entry = *asid::entry(space.asid());
    for (unsigned i = 0; i < hart_count; i++) {
        Hart& hart = harts[i];
        if (&hart == &this_hart() || !entry.cached_on(i))
            continue;
        if (hart.space == space)
            ask_about(hart, work, space, address);
        else
            entry.set_stale(i);
    }
}

} // namespace

void serve() {
    if constexpr (!config::smp)
        return;
    Hart& hart = this_hart();
    switch (hart.work.load(std::memory_order_acquire)) {
    case RemoteWork::none:
        return;
    case RemoteWork::flush_page:
        tlb::flush_page(hart.work_space.asid(), hart.work_address);
        break;
    case RemoteWork::flush_space:
        tlb::flush_space(hart.work_space.asid());
        break;
    case RemoteWork::leave_space:
        if (hart.space == hart.work_space)
            vspace::use_kernel_space();
        tlb::flush_space(hart.work_space.asid());
        break;
    case RemoteWork::leave_pool:
        vspace::leave_all_here(hart.work_space.asid());
        break;
    case RemoteWork::stall:
        stop_current(hart);
        break;
    /// @cond LAB3
    case RemoteWork::settle:
        fence::devices(); // its sends
        break;
        /// @endcond
    }
    hart.work.store(RemoteWork::none, std::memory_order_release);
}

void flush_page(vm::Space space, VAddr address) {
    flush_others(RemoteWork::flush_page, space, address);
}

void flush_space(vm::Space space) { flush_others(RemoteWork::flush_space, space, VAddr(0)); }

void leave_space(vm::Space space) {
    if constexpr (config::smp) {
        const vm::AsidEntry& entry = *asid::entry(space.asid());
        for (unsigned i = 0; i < hart_count; i++) {
            if (&harts[i] != &this_hart() && entry.cached_on(i))
                ask_about(harts[i], RemoteWork::leave_space, space, VAddr(0));
        }
    }
}

void leave_pool(Asid first) {
    if constexpr (config::smp) {
        for (unsigned i = 0; i < hart_count; i++) {
            if (&harts[i] != &this_hart())
                ask_about(harts[i], RemoteWork::leave_pool, {first, PAddr(0)}, VAddr(0));
        }
    }
}

void stall(Tcb& tcb) {
    if constexpr (config::smp) {
        Hart& hart = harts[tcb.place.hart];
        if (&hart != &this_hart() && hart.current == &tcb)
            ask(hart, RemoteWork::stall);
    }
}

/// @cond LAB3
void settle_senders(PAddr table) {
    if constexpr (config::smp) {
        for (unsigned i = 0; i < hart_count; i++) {
            if (&harts[i] != &this_hart() && harts[i].senders == table)
                ask(harts[i], RemoteWork::settle);
        }
        fence::devices(); // partner of the one in serve()
    }
}

/// @endcond
void send_interrupts() {
    for (unsigned i = 0; i < hart_count; i++) {
        if (harts[i].interrupt_wanted) {
            harts[i].interrupt_wanted = false;
            sbi::send_ipi(harts[i].sbi_id);
        }
    }
}

} // namespace remote
