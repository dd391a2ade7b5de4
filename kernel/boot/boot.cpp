// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// How the kernel comes up, from top to bottom. riscv/boot.S has turned translation on; what
/// follows is on the stack of the hart, at addresses of the window.
///
///     firmware ──> boot_first_hart ──> machine ──> map ──> root task ──┬──> user mode
/// @cond LAB2
///                                                                      └──> boot_other_hart,
///                                                                           which waits for work
/// @endcond
/// Nothing here depends on an exercise: the root task starts in every stage.
/// Read next: kernel/boot/machine.cpp, kernel/boot/root_task.cpp.
/// @stage{1}
#include "kernel/boot/before_root_task.hpp"
#include "kernel/boot/machine.hpp"
#include "kernel/boot/root_task.hpp"
#include "kernel/lib/print.hpp"
#include "kernel/riscv/csr.hpp"
#include "kernel/riscv/fence.hpp"
#include "kernel/riscv/sbi.hpp"
#include "kernel/riscv/stack.hpp"
#include "kernel/riscv/tlb.hpp"
#include "kernel/sched/hart.hpp"
#include "kernel/syscall/trap.hpp"
#include "kernel/vm/kernel_map.hpp"
#include "kernel/vm/vspace.hpp"
/// @cond LAB2
#include "kernel/riscv/plic.hpp"
#include "kernel/riscv/timer.hpp"
#include "kernel/sched/scheduler.hpp"
/// @endcond
/// @cond LAB3
#include "kernel/riscv/uintc.hpp"
#include "kernel/riscv/user_interrupt.hpp"
/// @endcond

#include <algorithm>

extern "C" {
extern const char image_start[];
extern const char image_end[];
void trap_vector();
[[noreturn]] void boot_first_hart(Word hart_id, PAddr device_tree);
void boot_entry();
/// @cond LAB2
[[noreturn]] void boot_other_hart();
/// Who comes in at boot_entry next.
constinit Hart* hart_that_starts = nullptr;
/// @endcond
}

namespace {

/// @cond LAB2
/// Harts that have come up. Written with release when one has, read with acquire by the first.
constinit std::atomic<unsigned> harts_up = 0;
/// @endcond

constexpr const char* profile() {
    /// @cond NONE
    if constexpr (config::synchronous_ipc)
        return "sel4";
    /// @endcond
    return "rel4";
}

Machine find_machine(Word hart_id, PAddr device_tree) {
    constexpr Word longest = Word{1} << 21;
    auto machine =
        read_machine({window<const uint8_t>(device_tree), longest}, device_tree, hart_id);
    if (!machine)
        panic(machine.error());
    machine->harts = std::min(machine->harts, config::harts);
    return *machine;
}

/// What the window must show: all memory, and the devices that the kernel uses itself.
void map_kernel(const Machine& machine) {
    Regions shown = machine.memory;
    shown.add(machine.plic);
    shown.add(machine.uintc);
    shown.add(machine.finisher);
    kernel_map::build(shown);
}

void start_devices(const Machine& machine) {
    if (!machine.finisher.empty())
        sbi::use_finisher(machine.finisher.start);
    tlb::probe();
    /// @cond LAB2
    if (!machine.plic.empty())
        plic::init({machine.plic.start, machine.last_irq,
                    std::span(machine.plic_contexts).first(machine.harts)});
    timer::init(machine.timebase_frequency);
    /// @endcond
    /// @cond LAB3
    if (user_interrupt::exist && !machine.uintc.empty())
        uintc::init({machine.uintc.start, machine.receivers, machine.wake_irq});
    if (uintc::receivers() != 0 && !uintc::checks_senders())
        println("user interrupts: this machine does not check who sends; only trusted threads do");
    if (uintc::wake_irq() != 0)
        plic::enable_everywhere(uintc::wake_irq());
    /// @endcond
}

/// What each hart does for itself: the kernel's map, its traps.
void start_this_hart() {
    vspace::use_kernel_space();
    fence::translations();
    csr::write<csr::stvec>(reinterpret_cast<Word>(&trap_vector));
    csr::write<csr::sscratch>(0);
    csr::clear<csr::sstatus>(status::sie | status::spp | status::fs | status::vs | status::sum |
                             status::mxr);
    csr::set<csr::sstatus>(status::spie);
    csr::write<csr::sie>(0);
    /// @cond LAB3
    user_interrupt::reset(uintc::receivers() != 0);
    /// @endcond
    /// @cond LAB2
    csr::write<csr::sie>(interrupt::software | interrupt::timer | interrupt::external);
    harts_up.fetch_add(1, std::memory_order_release);
    /// @endcond
}

void describe_harts(const Machine& machine) {
    hart_count = machine.harts;
    for (HartIndex index = 0; index < hart_count; index++) {
        Hart& hart = harts[index];
        hart.index = index;
        hart.sbi_id = machine.hart_ids[index];
        hart.stack_top = reinterpret_cast<Word>(stacks[index].bytes.end());
        hart.idle.state = Tcb::State::idle;
        hart.idle.place.hart = static_cast<uint8_t>(index);
        hart.current = &hart.idle;
    }
}

/// @cond LAB2
/// Sleeps until so many harts have come up: each wakes this one.
void wait_for_harts(unsigned count) {
    for (;;) {
        csr::clear<csr::sip>(interrupt::software);
        // Acquire: partner is start_this_hart.
        if (harts_up.load(std::memory_order_acquire) == count)
            return;
        wait_for_interrupt();
    }
}

/// Starts the other harts, one after the other.
void start_other_harts() {
    const PAddr entry = physical(reinterpret_cast<const void*>(&boot_entry));
    for (HartIndex index = 1; index < hart_count; index++) {
        hart_that_starts = &harts[index];
        if (!sbi::start_hart(harts[index].sbi_id, entry))
            panic("the firmware does not start a hart that the device tree lists");
        wait_for_harts(index + 1);
    }
}
/// @endcond

/// The end of boot on each hart. @pre it has the kernel lock
[[noreturn]] void leave_kernel() {
    /// @cond LAB2
    timer::init_hart(this_hart().index);
    /// @endcond
    return_to_user(trap::leave());
}

} // namespace

void boot_first_hart(Word hart_id, PAddr device_tree) {
    /// @cond LAB3
    user_interrupt::probe();
    /// @endcond
    const Machine machine = find_machine(hart_id, device_tree);
    println("ReL4 ", profile(), ", ", machine.harts, machine.harts == 1 ? " hart, " : " harts, ",
            machine.memory.size() >> 20, " MiB");
    describe_harts(machine);
    map_kernel(machine);
    start_devices(machine);
    start_this_hart();
    before_root_task(device_tree);
    Tcb& root = root_task::create(machine, {physical(image_start), physical(image_end)});
    /// @cond LAB2
    start_other_harts();
    /// @endcond
    trap::enter_first_time(root);
    leave_kernel();
}

/// @cond LAB2
void boot_other_hart() {
    start_this_hart();
    sbi::send_ipi(harts[0].sbi_id);
    trap::enter_first_time(this_hart().idle);
    leave_kernel();
}
/// @endcond
