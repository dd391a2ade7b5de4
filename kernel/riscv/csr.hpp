// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Control and status registers: their numbers, the bits in them, and access by number.
/// Numbers, because no assembler knows the names of the user-interrupt registers.
/// An access is a compiler barrier. Only kernel/riscv/, kernel/boot/ and kernel/syscall/ use
/// this file. Reference: RISC-V privileged architecture 1.12, chapter 4.
/// Read next: kernel/riscv/sbi.hpp.
/// @stage{1}
#pragma once

#include "kernel/lib/types.hpp"

namespace csr {

constexpr unsigned sstatus = 0x100;
constexpr unsigned sie = 0x104;
constexpr unsigned stvec = 0x105;
constexpr unsigned sscratch = 0x140;
constexpr unsigned sepc = 0x141;
constexpr unsigned scause = 0x142;
constexpr unsigned stval = 0x143;
constexpr unsigned sip = 0x144;
constexpr unsigned satp = 0x180;
constexpr unsigned cycle = 0xc00;
constexpr unsigned time = 0xc01;

/// @cond LAB3
// User interrupts: the N extension, draft 1.1, and the UINTC.
constexpr unsigned ustatus = 0x000;
constexpr unsigned uie = 0x004;
constexpr unsigned utvec = 0x005;
constexpr unsigned uscratch = 0x040;
constexpr unsigned uepc = 0x041;
constexpr unsigned ucause = 0x042;
constexpr unsigned utval = 0x043;
constexpr unsigned uip = 0x044;
constexpr unsigned sedeleg = 0x102;
constexpr unsigned sideleg = 0x103;
constexpr unsigned suist = 0x1b0;
constexpr unsigned suirs = 0x1b1;
/// @endcond

template <unsigned number>
[[nodiscard]] inline Word read() {
    Word value;
    asm volatile("csrr %0, %1" : "=r"(value) : "i"(number) : "memory");
    return value;
}

template <unsigned number>
inline void write(Word value) {
    asm volatile("csrw %0, %1" : : "i"(number), "rK"(value) : "memory");
}

/// Sets the bits that are one in `bits`.
template <unsigned number>
inline void set(Word bits) {
    asm volatile("csrs %0, %1" : : "i"(number), "rK"(bits) : "memory");
}

/// Clears the bits that are one in `bits`.
template <unsigned number>
inline void clear(Word bits) {
    asm volatile("csrc %0, %1" : : "i"(number), "rK"(bits) : "memory");
}

} // namespace csr

/// Bits of sstatus.
namespace status {
constexpr Word sie = 1 << 1;  ///< interrupts of S-mode are on
constexpr Word spie = 1 << 5; ///< sie after sret
constexpr Word spp = 1 << 8;  ///< sret goes to S-mode; else to U-mode
constexpr Word fs = 3 << 13;  ///< the FPU: 0 off, then initial, clean, dirty
constexpr Word fs_initial = 1 << 13;
constexpr Word fs_clean = 2 << 13;
constexpr Word fs_dirty = 3 << 13;
constexpr Word vs = 3 << 9;   ///< the vector unit, likewise
constexpr Word sum = 1 << 18; ///< S-mode may access pages of U-mode
constexpr Word mxr = 1 << 19; ///< what can be executed can be read
/// @cond LAB3
constexpr Word uie = 1 << 0;
constexpr Word upie = 1 << 4;
/// @endcond
} // namespace status

/// Bits of sie and sip, one for each kind of interrupt.
namespace interrupt {
constexpr Word software = 1 << 1; ///< from another hart
constexpr Word timer = 1 << 5;
constexpr Word external = 1 << 9; ///< from the PLIC
/// @cond LAB3
constexpr Word user_software = 1 << 0;
constexpr Word user_timer = 1 << 4;
constexpr Word user_external = 1 << 8;
/// @endcond
} // namespace interrupt

namespace interrupt {
/// Those that the kernel serves, of this hart, which are pending and enabled.
[[nodiscard]] inline Word waiting() {
    return csr::read<csr::sip>() & csr::read<csr::sie>() & (software | timer | external);
}
} // namespace interrupt

/// What scause says.
namespace cause {
constexpr Word interrupt = Word{1} << 63;
constexpr Word instruction_access_fault = 1;
constexpr Word illegal_instruction = 2;
constexpr Word load_access_fault = 5;
constexpr Word store_access_fault = 7;
constexpr Word user_call = 8;
constexpr Word instruction_page_fault = 12;
constexpr Word load_page_fault = 13;
constexpr Word store_page_fault = 15;
} // namespace cause

/// satp: the page table in use.
///
///     63  60 59  44 43                     0
///     | mode | ASID | root's address >> 12 |
namespace translation {
constexpr Word sv39 = Word{8} << 60;
constexpr unsigned asid_shift = 44;

constexpr Word root(PAddr table, Asid asid = {}) {
    return sv39 | asid.value << asid_shift | table.value >> 12;
}
} // namespace translation

/// Stops this hart until an interrupt whose bit in sie is set is pending; sstatus.sie does not
/// matter. It may also just go on.
inline void wait_for_interrupt() { asm volatile("wfi" : : : "memory"); }
