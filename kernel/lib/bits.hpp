// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Bit tricks for a machine without instructions for them.
/// @stage{1}
#pragma once

#include "kernel/lib/types.hpp"

/// Number of the highest bit that is set, by halving: 6 steps for 64 bits. @pre 0 < word < 2^bits
template <unsigned bits = 64>
constexpr unsigned highest_bit(Word word) {
    unsigned bit = 0;
    for (unsigned half = bits / 2; half != 0; half /= 2) {
        if (word >> half != 0) {
            word >>= half;
            bit += half;
        }
    }
    return bit;
}
