// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Words that must not be mixed up, as types of their own: made explicitly, read as `.value`.
/// Read next: result.hpp, window.hpp.
/// @stage{1}
#pragma once

#include "kernel/abi/types.hpp"

#include <compare>

using abi::CPtr;
using abi::mask;
using abi::Word;

template <class Tag>
struct Strong {
    Word value = 0;

    constexpr Strong() = default;
    explicit constexpr Strong(Word word) : value(word) {}
    constexpr auto operator<=>(const Strong&) const = default;

    /// `bytes` further on.
    constexpr Strong operator+(Word bytes) const { return Strong(value + bytes); }
    /// Distance in bytes.
    constexpr Word operator-(Strong other) const { return value - other.value; }
    /// A multiple of 2^bits?
    [[nodiscard]] constexpr bool aligned(unsigned bits) const { return (value & mask(bits)) == 0; }
};

using PAddr = Strong<struct PAddrTag>; ///< physical address
using VAddr = Strong<struct VAddrTag>; ///< virtual address of a user program
using Badge = Strong<struct BadgeTag>; ///< told to the receiver of a message or signal
using Asid = Strong<struct AsidTag>;   ///< identifier of an address space; 0: none

using Prio = uint8_t;       ///< 0 to 255, the most important
using HartIndex = unsigned; ///< 0 to config::harts - 1, in the order of the device tree
