// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What the kernel keeps for each hart. In the kernel, register tp points to the hart's own.
/// Guard: the kernel lock, except where a member says otherwise.
/// Read next: scheduler.hpp, kernel/riscv/entry.S.
/// @stage{2}
#pragma once

#include "kernel/config.hpp"
#include "kernel/riscv/thread_pointer.hpp"
#include "kernel/sched/run_queue.hpp"
#include "kernel/vm/asid.hpp"

#include <atomic>

/// A wish of one hart that another does something at once, before it takes the kernel lock
/// (sched/remote.hpp). The asking hart holds the lock and waits until the word is none again.
enum class RemoteWork : Word {
    none,
    flush_page,  ///< forget one address of an address space
    flush_space, ///< forget all of an address space
    leave_space, ///< the page table it uses goes away
    leave_pool,  ///< those of a whole pool of ASIDs go away
    stall,       ///< stop running its thread
    /// @cond LAB3
    settle, ///< no uipi.send of its is under way: it is in the kernel
    /// @endcond
};

struct Hart {
    /// What the scheduler does before the return to user mode.
    enum class Action : uint8_t {
        resume,    ///< nothing: go on with the current thread
        candidate, ///< a thread became ready that may be more important
        choose,    ///< take the most important from the run queue
    };

    // riscv/entry.S knows the places of the first two.
    Tcb* current;
    Word stack_top; ///< of this hart's kernel stack

    /// Address space in satp. This hart writes it, with the lock or when another asks it to.
    vm::Space space;

    HartIndex index;
    Action action;
    /// @cond LAB3
    PAddr senders; ///< the sender table in suist, 0: none
    /// @endcond
    Word sbi_id; ///< immutable after boot
    Tcb* candidate;
    RunQueue queues[config::domains];
    Tcb idle; ///< is current when nothing is ready; never in a queue, never in user mode

    /// @cond NONE
    Tcb* fpu_owner; ///< whose registers are in the floating-point unit; may be a deleted thread's
    /// @endcond

    /// @cond LAB3
    /// Parked threads that a deadline will wake, the first one first (sched/park.hpp).
    List<Tcb, &Tcb::sleep_link> sleepers;
    /// @endcond

    bool interrupt_wanted; ///< send it an interrupt when the lock is released
    bool stalled;          ///< its thread was stopped while it waited for the lock

    /// Read and written by both harts without the lock: see sched/remote.hpp.
    std::atomic<RemoteWork> work;
    vm::Space work_space; ///< valid while work is not none
    VAddr work_address;
};

// riscv/entry.S knows this place.
static_assert(offsetof(Hart, stack_top) == 8);

extern constinit Hart harts[config::harts];

/// Harts that run: 1 to config::harts. Immutable after boot.
extern constinit unsigned hart_count;

/// The hart that executes this.
[[nodiscard]] inline Hart& this_hart() {
    if constexpr (config::smp)
        return *static_cast<Hart*>(thread_pointer());
    return harts[0];
}

[[nodiscard]] inline Tcb& current_thread() { return *this_hart().current; }
