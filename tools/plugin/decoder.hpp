// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Which of the guest's instructions are counted or recorded, and how they are told: RISC-V, as
/// words.
///
///     31      25 24  20 19  15 14  12 11   7 6      0
///     | funct7  | rs2  | rs1  |funct3| rd   | opcode |
///     | immediate     | rs1   |funct3| rd   | opcode |
///
/// Read next: block.hpp, counter.cpp, recorder.cpp.
/// @stage{none}
#pragma once

#include <cstdint>
#include <optional>

namespace plugin {

/// What is counted. `names` has them in this order.
enum Kind : unsigned {
    traps,         ///< ways into the kernel, of whatever cause
    calls,         ///< `ecall` of user programs: those not named below
    parks,         ///< UintrPark that sends nothing
    parks_sending, ///< UintrPark that does
    wakes,         ///< UintrWakeSyscallHandler
    firmware,      ///< returns from M-mode
    signals,       ///< the kernel signals a notification
    sends,         ///< uipi.send
    reads,         ///< uipi.read
    returns,       ///< uret: user interrupts taken
    satp,          ///< writes of satp
    flush_all,     ///< sfence.vma without operands
    flush_space,   ///< sfence.vma of an ASID
    flush_page,    ///< sfence.vma of an address
    atomics,       ///< AMOs, load-reserved, store-conditional
    fences,
    uintc_loads,
    uintc_stores,
    device_loads, ///< of all other devices
    device_stores,
    kinds,
    // What is not counted.
    ecall = kinds,
    sret,
    mark_begin, ///< user/bench/instructions.hpp
    mark_end,
    trace_point, ///< kernel/lib/trace.hpp: the next instruction stores its message
    nothing,
};

constexpr const char* names[kinds] = {
    "traps",    "calls",       "parks",        "parks_sending", "wakes",
    "firmware", "signals",     "sends",        "reads",         "returns",
    "satp",     "flush_all",   "flush_space",  "flush_page",    "atomics",
    "fences",   "uintc_loads", "uintc_stores", "device_loads",  "device_stores",
};

constexpr uint32_t bits(uint32_t word, unsigned low, unsigned count) {
    return word >> low & ((1U << count) - 1);
}

constexpr Kind hint(uint32_t number) {
    switch (number) {
    case 1:
        return mark_begin;
    case 2:
        return mark_end;
    case 3:
        return trace_point;
    default:
        return nothing;
    }
}

/// What kind of instruction a word is, as far as the word tells.
constexpr Kind decode(uint32_t word) {
    constexpr uint32_t system = 0x73;
    const uint32_t rd = bits(word, 7, 5);
    const uint32_t funct3 = bits(word, 12, 3);
    const uint32_t rs1 = bits(word, 15, 5);
    const uint32_t rs2 = bits(word, 20, 5);
    const uint32_t funct7 = bits(word, 25, 7);
    switch (bits(word, 0, 7)) {
    case 0x0f:
        return funct3 == 0 ? fences : nothing;
    case 0x13: // slti x0, x0, n: a HINT
        if (funct3 != 2 || rd != 0 || rs1 != 0)
            return nothing;
        return hint(word >> 20);
    case 0x2f:
        return atomics;
    case system:
        if (word == 0x0000'0073)
            return ecall;
        if (word == 0x1020'0073)
            return sret;
        if (word == 0x3020'0073)
            return firmware;
        if (word == 0x0020'0073)
            return returns;
        if (funct3 == 0 && funct7 == 0x09 && rd == 0)
            return rs1 != 0 ? flush_page : rs2 != 0 ? flush_space : flush_all;
        // csrrw, or csrrs and csrrc of something, in either form
        if (word >> 20 == 0x180 && ((funct3 & 3) == 1 || ((funct3 & 3) != 0 && rs1 != 0)))
            return satp;
        return nothing;
    case 0x7b: // custom-3
        if (funct3 != 6)
            return nothing;
        return funct7 == 0 ? sends : funct7 == 1 ? reads : nothing;
    default:
        return nothing;
    }
}

/// The number that an instruction puts into a register by itself (`li`); none if it does not.
constexpr std::optional<int32_t> constant_in(uint32_t word, unsigned rd) {
    if (bits(word, 0, 2) != 3) { // 16 bits: c.li
        if (bits(word, 13, 3) != 2 || bits(word, 0, 2) != 1 || bits(word, 7, 5) != rd)
            return {};
        const auto value = static_cast<int32_t>(bits(word, 12, 1) << 5 | bits(word, 2, 5));
        return value >= 32 ? value - 64 : value;
    }
    if ((word & 0xfffff) != (rd << 7 | 0x13)) // addi rd, x0
        return {};
    return static_cast<int32_t>(word) >> 20;
}

/// A system call by what is in a7 and a0, as far as that is known.
constexpr Kind system_call(std::optional<int32_t> number, std::optional<int32_t> first) {
    if (number == -42)
        return first == -1 ? parks : parks_sending;
    return number == -41 ? wakes : calls;
}

} // namespace plugin
