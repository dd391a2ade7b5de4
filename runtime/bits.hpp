// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Bit tricks for a machine without instructions for them.
/// Read next: runtime/run_queue.hpp.
/// @stage{5}
#pragma once

#include "kernel/abi/types.hpp"

namespace rt {

/// Every 6 bits in a row of this number are different ones (a de Bruijn sequence): shifted left by
/// i, its highest 6 bits tell i.
constexpr abi::Word de_bruijn = 0x03f7'9d71'b4cb'0a89;

struct BitTable {
    uint8_t index[64] = {};

    constexpr BitTable() {
        for (unsigned i = 0; i < 64; i++)
            index[de_bruijn << i >> 58] = static_cast<uint8_t>(i);
    }
};
inline constexpr BitTable bit_table;

/// Number of the lowest bit that is set. @pre word != 0
constexpr unsigned lowest_bit(abi::Word word) {
    return bit_table.index[(word & (~word + 1)) * de_bruijn >> 58];
}

/// Number of the highest bit that is set. @pre word != 0
constexpr unsigned highest_bit(abi::Word word) {
    for (unsigned shift = 1; shift < 64; shift *= 2)
        word |= word >> shift;
    return lowest_bit(word ^ word >> 1);
}

} // namespace rt
