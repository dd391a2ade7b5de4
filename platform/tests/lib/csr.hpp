// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Control and status registers by name: their numbers, their bits, and access to them.
/// Numbers, not assembler names: neither assembler knows all of the user-interrupt registers.
/// Every access is a compiler barrier. An access that the hart refuses traps; the trap handlers
/// of this library note it and go on behind it (trap.hpp).
/// Read next: uipi.hpp.
#pragma once

#include <stdint.h>

constexpr uint64_t bit(uint64_t number) { return uint64_t{1} << number; }
constexpr uint64_t all_ones = ~uint64_t{0};

namespace csr {

constexpr unsigned ustatus = 0x000;
constexpr unsigned uie = 0x004;
constexpr unsigned utvec = 0x005;
constexpr unsigned uscratch = 0x040;
constexpr unsigned uepc = 0x041;
constexpr unsigned ucause = 0x042;
constexpr unsigned utval = 0x043;
constexpr unsigned uip = 0x044;

constexpr unsigned sstatus = 0x100;
constexpr unsigned sedeleg = 0x102;
constexpr unsigned sideleg = 0x103;
constexpr unsigned sie = 0x104;
constexpr unsigned stvec = 0x105;
constexpr unsigned scounteren = 0x106;
constexpr unsigned sscratch = 0x140;
constexpr unsigned sepc = 0x141;
constexpr unsigned scause = 0x142;
constexpr unsigned stval = 0x143;
constexpr unsigned sip = 0x144;
constexpr unsigned satp = 0x180;
constexpr unsigned suist = 0x1B0;
constexpr unsigned suirs = 0x1B1;
constexpr unsigned suicfg = 0x1B2;

constexpr unsigned mstatus = 0x300;
constexpr unsigned misa = 0x301;
constexpr unsigned medeleg = 0x302;
constexpr unsigned mideleg = 0x303;
constexpr unsigned mie = 0x304;
constexpr unsigned mepc = 0x341;
constexpr unsigned mcause = 0x342;
constexpr unsigned mtval = 0x343;
constexpr unsigned mip = 0x344;
constexpr unsigned pmpcfg0 = 0x3A0;
constexpr unsigned pmpaddr0 = 0x3B0;

constexpr unsigned hstatus = 0x600;

constexpr unsigned time = 0xC01;
constexpr unsigned instret = 0xC02;

template <unsigned number>
[[nodiscard]] inline uint64_t read() {
    uint64_t value;
    asm volatile("csrr %0, %1" : "=r"(value) : "i"(number) : "memory");
    return value;
}

template <unsigned number>
inline void write(uint64_t value) {
    asm volatile("csrw %0, %1" : : "i"(number), "r"(value) : "memory");
}

template <unsigned number>
inline void set(uint64_t bits) {
    asm volatile("csrs %0, %1" : : "i"(number), "r"(bits) : "memory");
}

template <unsigned number>
inline void clear(uint64_t bits) {
    asm volatile("csrc %0, %1" : : "i"(number), "r"(bits) : "memory");
}

/// Writes, and answers what the register then reads as.
template <unsigned number>
[[nodiscard]] inline uint64_t write_and_read(uint64_t value) {
    write<number>(value);
    return read<number>();
}

} // namespace csr

/// Bits of ustatus, sstatus and mstatus, which are views of one register.
namespace status {
constexpr uint64_t uie = bit(0);
constexpr uint64_t sie = bit(1);
constexpr uint64_t mie = bit(3);
constexpr uint64_t upie = bit(4);
constexpr uint64_t spie = bit(5);
constexpr uint64_t mpie = bit(7);
constexpr uint64_t spp = bit(8);
constexpr uint64_t mpp = bit(11) | bit(12);
constexpr uint64_t mpp_supervisor = bit(11);
constexpr uint64_t sum = bit(18);
} // namespace status

/// Interrupt numbers: the bit in *ie, *ip and *ideleg, and the low part of *cause.
namespace irq {
constexpr unsigned user_software = 0;
constexpr unsigned supervisor_software = 1;
constexpr unsigned machine_software = 3;
constexpr unsigned user_timer = 4;
constexpr unsigned user_external = 8;
constexpr unsigned supervisor_external = 9;
} // namespace irq

constexpr uint64_t usi = bit(irq::user_software);
constexpr uint64_t uti = bit(irq::user_timer);
constexpr uint64_t uei = bit(irq::user_external);
constexpr uint64_t user_irqs = usi | uti | uei;

namespace cause {
constexpr uint64_t interrupt = bit(63);
constexpr uint64_t instruction_access = 1;
constexpr uint64_t illegal = 2;
constexpr uint64_t breakpoint = 3;
constexpr uint64_t load_misaligned = 4;
constexpr uint64_t load_access = 5;
constexpr uint64_t store_misaligned = 6;
constexpr uint64_t store_access = 7;
constexpr uint64_t user_ecall = 8;
constexpr uint64_t supervisor_ecall = 9;
constexpr uint64_t instruction_page = 12;
constexpr uint64_t load_page = 13;
constexpr uint64_t store_page = 15;
constexpr uint64_t virtual_instruction = 22;
} // namespace cause
