// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What debug system calls do. They are for whoever develops on the kernel: a wrong one stops the
/// machine.
/// @stage{1}
#include "kernel/syscall/debug.hpp"

#include "kernel/cap/cspace.hpp"
#include "kernel/lib/assert.hpp"
#include "kernel/lib/print.hpp"
#include "kernel/riscv/sbi.hpp"
#include "kernel/sched/hart.hpp"
/// @cond LAB2
#include "kernel/sched/scheduler.hpp"
/// @endcond

#include <algorithm>
#include <span>

namespace debug {

namespace {

Cap cap_at(const Tcb& tcb, CPtr cptr) {
    const auto slot = cspace::slot_of(tcb.slot(Tcb::cspace).cap, cptr);
    return slot ? (*slot)->cap : Cap();
}

/// @cond LAB2
void show(const Tcb& tcb, const char* where) {
    println(where, tcb.name[0] != '\0' ? tcb.name : "(no name)", ", state ",
            static_cast<Word>(tcb.state), ", priority ", Word{tcb.priority}, ", pc ",
            print::Hex{tcb.context[Context::pc]});
}

void dump_scheduler() {
    for (unsigned i = 0; i < hart_count; i++) {
        println("hart ", i);
        show(*harts[i].current, "  current: ");
        const Tcb* ready = harts[i].queues[sched::current_domain].most_important();
        if (ready != nullptr)
            show(*ready, "  next: ");
    }
}
/// @endcond

/// The name is a string in the message buffer. What is longer than a name can be is cut off.
void name_thread(const Tcb& tcb) {
    const Cap cap = cap_at(tcb, tcb.context[Context::a0]);
    const abi::IpcBuffer* buffer = tcb.buffer_for(false);
    if (!cap.is<ThreadCap>() || buffer == nullptr)
        panic("debug_name_thread needs a thread and a message buffer");
    const std::span name(reinterpret_cast<const char*>(buffer->message), sizeof buffer->message);
    const auto end = std::ranges::find(name, '\0');
    if (end == name.end())
        panic("debug_name_thread: the name has no end");
    Tcb& target = cap.as<ThreadCap>().object();
    const auto length = std::min<Word>(static_cast<Word>(end - name.begin()), Tcb::name_size - 1);
    *std::copy_n(name.begin(), length, target.name) = '\0';
}

/// @cond LAB2
void send_ipi(const Tcb& tcb) {
    const Word hart = tcb.context[Context::a0];
    if (hart < hart_count)
        sbi::send_ipi(harts[hart].sbi_id);
}

void thread_affinity(Tcb& tcb) {
    const Cap cap = cap_at(tcb, tcb.context[Context::a0]);
    if (!cap.is<ThreadCap>())
        panic("debug_thread_affinity needs a thread");
    tcb.context[Context::a0] = cap.as<ThreadCap>().object().place.hart;
}
/// @endcond

/// What is served in debug builds only.
bool serve_debug(Tcb& tcb, abi::Syscall number) {
    switch (number) {
    case abi::Syscall::debug_put_char:
        print::put(static_cast<char>(tcb.context[Context::a0]));
        return true;
    case abi::Syscall::debug_dump_scheduler:
        /// @cond LAB2
        dump_scheduler();
        /// @endcond
        return true;
    case abi::Syscall::debug_halt:
        println("halted by debug_halt");
        sbi::stop_machine(sbi::Stop::success);
    case abi::Syscall::debug_cap_identify:
        tcb.context[Context::a0] = static_cast<Word>(cap_at(tcb, tcb.context[Context::a0]).type());
        return true;
    case abi::Syscall::debug_snapshot:
        return true;
    case abi::Syscall::debug_name_thread:
        name_thread(tcb);
        return true;
    /// @cond LAB2
    case abi::Syscall::debug_send_ipi:
    case abi::Syscall::debug_thread_affinity:
        if constexpr (!config::smp)
            return false;
        if (number == abi::Syscall::debug_send_ipi)
            send_ipi(tcb);
        else
            thread_affinity(tcb);
        return true;
    /// @endcond
    default:
        return false;
    }
}

} // namespace

bool serve(Tcb& tcb, abi::Syscall number) {
    /// @cond NONE
    // What seL4 does for benchmarks in builds of its own: these do nothing, and harm nobody.
    if (number == abi::Syscall::benchmark_flush_caches || number == abi::Syscall::benchmark_null)
        return config::synchronous_ipc;
    /// @endcond
    return config::debug && serve_debug(tcb, number);
}

} // namespace debug
