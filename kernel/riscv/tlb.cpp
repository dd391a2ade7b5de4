// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// How many bits of ASID the hardware has: those of satp that keep a one.
/// @stage{1}
#include "kernel/riscv/tlb.hpp"

constinit bool tlb::has_asids = false;

void tlb::probe() {
    constexpr Word all = mask(16) << translation::asid_shift;
    const Word satp = csr::read<csr::satp>();
    csr::write<csr::satp>(satp | all);
    has_asids = (csr::read<csr::satp>() & all) == all;
    csr::write<csr::satp>(satp);
    asm volatile("sfence.vma" : : : "memory");
}
