// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The decoder against instructions as an assembler writes them.
/// @stage{none}
#include "tools/plugin/decoder.hpp"

#include <doctest/doctest.h>

using namespace plugin;

TEST_CASE("marks are the HINTs that programs make, and no other slti") {
    CHECK(decode(0x00102013) == mark_begin);  // slti zero, zero, 1
    CHECK(decode(0x00202013) == mark_end);    // slti zero, zero, 2
    CHECK(decode(0x00302013) == trace_point); // slti zero, zero, 3
    CHECK(decode(0x00402013) == nothing);     // slti zero, zero, 4
    CHECK(decode(0x00102513) == nothing);     // slti a0, zero, 1
    CHECK(decode(0x00152013) == nothing);     // slti zero, a0, 1
    CHECK(decode(0x00000013) == nothing);     // nop
}

TEST_CASE("ways between the modes are told apart") {
    CHECK(decode(0x00000073) == ecall);
    CHECK(decode(0x00200073) == returns); // uret
    CHECK(decode(0x10200073) == sret);
    CHECK(decode(0x30200073) == firmware); // mret
    CHECK(decode(0x10500073) == nothing);  // wfi
}

TEST_CASE("satp is written, not read") {
    CHECK(decode(0x18051073) == satp);    // csrw satp, a0
    CHECK(decode(0x180514f3) == satp);    // csrrw s1, satp, a0
    CHECK(decode(0x18005073) == satp);    // csrwi satp, 0
    CHECK(decode(0x18052073) == satp);    // csrs satp, a0
    CHECK(decode(0x18002573) == nothing); // csrr a0, satp
    CHECK(decode(0x14051073) == nothing); // csrw sscratch, a0
}

TEST_CASE("sfence.vma by what it flushes") {
    CHECK(decode(0x12000073) == flush_all);   // sfence.vma
    CHECK(decode(0x12b00073) == flush_space); // sfence.vma zero, a1
    CHECK(decode(0x12050073) == flush_page);  // sfence.vma a0
    CHECK(decode(0x12b50073) == flush_page);  // sfence.vma a0, a1
}

TEST_CASE("fences and atomic instructions") {
    CHECK(decode(0x0330000f) == fences);  // fence rw, rw
    CHECK(decode(0x0000100f) == nothing); // fence.i
    CHECK(decode(0x0eb5262f) == atomics); // amoswap.w.aqrl a2, a1, (a0)
    CHECK(decode(0x1605302f) == atomics); // lr.d.aqrl zero, (a0)
    CHECK(decode(0x1805332f) == atomics); // sc.d t1, zero, (a0)
}

TEST_CASE("user interrupts") {
    CHECK(decode(0x0005607b) == sends);   // uipi.send a0
    CHECK(decode(0x0200657b) == reads);   // uipi.read a0
    CHECK(decode(0x0405607b) == nothing); // uipi.write a0
    CHECK(decode(0x0600607b) == nothing); // uipi.activate
}

TEST_CASE("constants, in both lengths") {
    CHECK(constant_in(0xfd600893, 17) == -42); // li a7, -42
    CHECK(constant_in(0xfd700893, 17) == -41); // li a7, -41
    CHECK(constant_in(0x0000557d, 10) == -1);  // c.li a0, -1
    CHECK(constant_in(0x000058fd, 17) == -1);  // c.li a7, -1
    CHECK(constant_in(0x000048fd, 17) == 31);  // c.li a7, 31
    CHECK_FALSE(constant_in(0xfd600893, 10));  // of another register
    CHECK_FALSE(constant_in(0x0000557d, 17));  // likewise
    CHECK_FALSE(constant_in(0xfd658893, 17));  // addi a7, a1, -42
    CHECK_FALSE(constant_in(0x000088aa, 17));  // c.mv a7, a0
}

TEST_CASE("system calls by what is known of their registers") {
    CHECK(system_call(-42, {}) == parks_sending);
    CHECK(system_call(-42, 5) == parks_sending);
    CHECK(system_call(-42, -1) == parks);
    CHECK(system_call(-41, {}) == wakes);
    CHECK(system_call(-1, {}) == calls);
    CHECK(system_call({}, {}) == calls);
}
