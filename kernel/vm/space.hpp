// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// An address space in one word: the one that a switch writes to register satp.
/// Reference: RISC-V privileged specification 4.1.11. Read next: asid.hpp.
/// @stage{1}
#pragma once

#include "kernel/abi/object.hpp"
#include "kernel/lib/types.hpp"

namespace vm {

/// An address space as hardware is told of it, in register satp:
///
///     | mode 63:60 | asid 59:44 | page number of the root 43:0 |
class Space {
public:
    constexpr Space() = default;
    constexpr Space(Asid asid, PAddr root)
        : satp_(sv39 | asid.value << 44 | root.value >> abi::page_bits) {}

    [[nodiscard]] constexpr Asid asid() const { return Asid(satp_ >> 44 & mask(16)); }
    [[nodiscard]] constexpr PAddr root() const {
        return PAddr((satp_ & mask(44)) << abi::page_bits);
    }
    [[nodiscard]] constexpr Word satp() const { return satp_; }
    bool operator==(const Space&) const = default;

private:
    static constexpr Word sv39 = Word{8} << 60;
    Word satp_ = 0;
};

} // namespace vm
