// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Random numbers that a seed determines, on every machine: SplitMix64.
/// Reference: Steele, Lea, Flood, "Fast splittable pseudorandom number generators", 2014.
/// @stage{none}
#pragma once

#include <cstdint>

namespace load {

class Random {
public:
    static constexpr std::uint64_t step = 0x9e3779b97f4a7c15;

    explicit Random(std::uint64_t seed) : state_(seed) {}

    std::uint64_t next() {
        std::uint64_t z = state_ += step;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        return z ^ (z >> 31);
    }
    /// From `low` to `high`, both included.
    std::uint64_t between(std::uint64_t low, std::uint64_t high) {
        return low + next() % (high - low + 1);
    }

private:
    std::uint64_t state_;
};

} // namespace load
