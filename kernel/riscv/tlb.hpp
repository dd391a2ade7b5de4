// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// This hart's address space, and what it remembers of page tables (its TLB).
/// Translations carry the ASID of their space, so a change of space forgets nothing. A hart whose
/// hardware has too few ASIDs uses 0 for all and forgets everything at each change.
/// Reference: RISC-V privileged specification 4.2.1 (SFENCE.VMA). Read next: kernel/vm/vspace.cpp.
/// @stage{1}
#pragma once

#include "kernel/riscv/csr.hpp"
#include "kernel/vm/space.hpp"

namespace tlb {

/// Has the hardware 16 bits of ASID? Found at boot, the same on every hart.
extern constinit bool has_asids;

/// Finds out. Leaves satp as it is.
void probe();

/// Uses an address space from now on.
inline void use(vm::Space space) {
    if (has_asids) {
        csr::write<csr::satp>(space.satp());
    } else {
        csr::write<csr::satp>(vm::Space(Asid(0), space.root()).satp());
        asm volatile("sfence.vma" : : : "memory");
    }
}

/// Forgets one leaf of a space: what was written to page tables before counts afterwards.
inline void flush_page(Asid asid, VAddr address) {
    if (has_asids)
        asm volatile("sfence.vma %0, %1" : : "r"(address.value), "r"(asid.value) : "memory");
    else
        asm volatile("sfence.vma %0" : : "r"(address.value) : "memory");
}

/// Forgets everything of a space.
inline void flush_space(Asid asid) {
    if (has_asids)
        asm volatile("sfence.vma zero, %0" : : "r"(asid.value) : "memory");
    else
        asm volatile("sfence.vma" : : : "memory");
}

/// Forgets everything of every space.
inline void flush_all() { asm volatile("sfence.vma" : : : "memory"); }

} // namespace tlb
