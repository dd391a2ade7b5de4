// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Address spaces of user programs: what the invocations of frames and page tables do, and what a
/// thread switch needs. The lower half of a root table is the user's, the upper half is the
/// kernel's own map, the same in all.
///
/// Always holds: an entry that was changed is in no cache of translations when the system call
/// ends; a frame or page-table capability tells where it is mapped, or would have been had the
/// address space not gone before it.
/// Reference: seL4 manual, chapter 7. Read next: vspace.cpp, asid.hpp.
/// @stage{1}
#pragma once

#include "kernel/cap/slot.hpp"
#include "kernel/object/tcb.hpp"
#include "kernel/riscv/tlb.hpp"
#include "kernel/sched/hart.hpp"
#include "kernel/syscall/invocation.hpp"
#include "kernel/vm/asid.hpp"
#include "kernel/vm/page_table.hpp"

namespace vspace {

[[nodiscard]] Result<Outcome> invoke_frame(Invocation& call, Slot& slot);
[[nodiscard]] Result<Outcome> invoke_table(Invocation& call, Slot& slot);

/// Takes a frame out of the address space in which its capability says it is.
void unmap_frame(const FrameCap& frame);

/// Before the memory of a page table goes: takes it out of its address space, or ends the one
/// of which it is the root.
void release_table(const PageTableCap& table);

/// Can this capability be the VSpace of a thread?
[[nodiscard]] inline bool is_root(const Cap& cap) {
    return cap.is<PageTableCap>() && cap.as<PageTableCap>().mapped();
}

/// Every hart forgets one address of a space, or all of it.
void flush_page(vm::Space space, VAddr address);
void flush_space(vm::Space space);

/// The entry of a leaf with these rights. Without any it maps nothing. Memory that cannot be read
/// cannot be written either; to execute it no right is needed.
[[nodiscard]] Pte leaf_of(const FrameCap& frame, Word rights, Word attributes);

/// Uses an address space on this hart: one that an ASID stands for, or the kernel's own.
inline void use(vm::Space space) {
    Hart& hart = this_hart();
    /// @cond LAB2
    if constexpr (config::smp) {
        if (space.asid() != Asid(0)) {
            vm::AsidEntry& entry = *asid::entry(space.asid());
            if (entry.stale_on(hart.index)) {
                tlb::flush_space(space.asid());
                entry.clear_stale(hart.index);
            }
            entry.set_cached(hart.index);
        }
    }
    /// @endcond
    hart.space = space;
    tlb::use(space);
}

/// Uses no user program's address space on this hart.
void use_kernel_space();

/// No hart uses `space` any more, and none holds a translation of it.
void leave(vm::Space space);

/// The same for every space whose ASID is of the pool that begins with `first`, at once.
void leave_all_of(Asid first);
/// The part of it that each hart does for itself.
void leave_all_here(Asid first);

/// Is what a thread remembers of its address space still true?
[[nodiscard]] inline bool knows_space(const Tcb& tcb) {
    return tcb.space_known_at == asid::changes;
}
/// Looks it up. A thread without one has the kernel's own: it can run nothing there.
void find_space(Tcb& tcb);

/// Uses the address space of `tcb` on this hart. Was it another one before?
inline bool switch_to(Tcb& tcb) {
    if (!knows_space(tcb))
        find_space(tcb);
    if (tcb.space == this_hart().space)
        return false;
    use(tcb.space);
    return true;
}

} // namespace vspace
