// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Variables that harts share, and a random number generator for each of them.
#pragma once

#include <stdint.h>

template <typename Value>
inline Value acquire(const Value& variable) {
    return __atomic_load_n(&variable, __ATOMIC_ACQUIRE);
}

template <typename Value>
inline void release(Value& variable, Value value) {
    __atomic_store_n(&variable, value, __ATOMIC_RELEASE);
}

/// Answers the value before.
inline uint64_t fetch_add(uint64_t& variable, uint64_t value) {
    return __atomic_fetch_add(&variable, value, __ATOMIC_ACQ_REL);
}

/// Marsaglia's xorshift64*: the same seed gives the same numbers.
class Random {
public:
    constexpr explicit Random(uint64_t seed) : state_{seed * 2 + 1} {}

    uint64_t next() {
        state_ ^= state_ >> 12;
        state_ ^= state_ << 25;
        state_ ^= state_ >> 27;
        return state_ * 0x2545'F491'4F6C'DD1D;
    }
    uint64_t below(uint64_t limit) { return (next() >> 16) % limit; }

private:
    uint64_t state_;
};
