// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Single loads and stores of a chosen width: device registers, and accesses meant to fault.
/// Each is exactly one instruction. A load that faults answers 0.
#pragma once

#include <stdint.h>

enum class Width { byte, half, word, double_word };

inline uint64_t load(uint64_t address, Width width = Width::double_word) {
    uint64_t value = 0;
    if (width == Width::byte)
        asm volatile("lbu %0, 0(%1)" : "+r"(value) : "r"(address) : "memory");
    else if (width == Width::half)
        asm volatile("lhu %0, 0(%1)" : "+r"(value) : "r"(address) : "memory");
    else if (width == Width::word)
        asm volatile("lwu %0, 0(%1)" : "+r"(value) : "r"(address) : "memory");
    else
        asm volatile("ld %0, 0(%1)" : "+r"(value) : "r"(address) : "memory");
    return value;
}

inline void store(uint64_t address, uint64_t value, Width width = Width::double_word) {
    if (width == Width::byte)
        asm volatile("sb %0, 0(%1)" : : "r"(value), "r"(address) : "memory");
    else if (width == Width::half)
        asm volatile("sh %0, 0(%1)" : : "r"(value), "r"(address) : "memory");
    else if (width == Width::word)
        asm volatile("sw %0, 0(%1)" : : "r"(value), "r"(address) : "memory");
    else
        asm volatile("sd %0, 0(%1)" : : "r"(value), "r"(address) : "memory");
}

inline uint64_t address_of(const volatile void* object) {
    return reinterpret_cast<uint64_t>(object);
}

/// Address of a function's first instruction.
template <typename Result, typename... Arguments>
inline uint64_t address_of(Result (*function)(Arguments...)) {
    return reinterpret_cast<uint64_t>(function);
}
