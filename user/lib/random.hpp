// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Numbers that look drawn by chance, the same in every run: xorshift64*, by Marsaglia and Vigna.
/// @stage{5}
#pragma once

#include "kernel/abi/types.hpp"

namespace user {

class Random {
public:
    explicit Random(abi::Word seed) : state_(seed * 0x9e37'79b9'7f4a'7c15 + 1) {}

    abi::Word next() {
        state_ ^= state_ << 13;
        state_ ^= state_ >> 7;
        state_ ^= state_ << 17;
        return state_ * 0x2545'f491'4f6c'dd1d >> 3;
    }
    abi::Word below(abi::Word limit) { return next() % limit; }
    bool one_in(abi::Word count) { return below(count) == 0; }

private:
    abi::Word state_;
};

} // namespace user
