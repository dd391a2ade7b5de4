// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A histogram of times whose buckets grow with the values: every power of two is cut into 64, so a
/// percentile is at most 1/64 too large, at any scale, in 20 KiB. Minimum, maximum and mean are
/// exact.
///
///     values    0 1 2 ... 127 | 128 130 ... 254 | 256 260 ... 508 | ...
///     buckets   each its own  | 64 of two       | 64 of four      | ...
///
/// @stage{none}
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>

namespace load {

class Histogram {
public:
    /// Nanoseconds, or any other unit. What is longer than the last bucket (18 minutes) counts
    /// there.
    void record(std::uint64_t value) {
        buckets_[index(value)]++;
        count_++;
        sum_ += value;
        min_ = std::min(min_, value);
        max_ = std::max(max_, value);
    }

    void merge(const Histogram& other) {
        for (std::size_t i = 0; i < buckets_.size(); i++)
            buckets_[i] += other.buckets_[i];
        count_ += other.count_;
        sum_ += other.sum_;
        min_ = std::min(min_, other.min_);
        max_ = std::max(max_, other.max_);
    }

    [[nodiscard]] std::uint64_t count() const { return count_; }
    [[nodiscard]] std::uint64_t min() const { return count_ == 0 ? 0 : min_; }
    [[nodiscard]] std::uint64_t max() const { return max_; }
    [[nodiscard]] double mean() const {
        return count_ == 0 ? 0 : static_cast<double>(sum_) / static_cast<double>(count_);
    }

    /// The smallest value that at least this share, from 0 to 1, of all values do not exceed.
    [[nodiscard]] std::uint64_t percentile(double share) const {
        const auto wanted =
            static_cast<std::uint64_t>(std::ceil(share * static_cast<double>(count_)));
        std::uint64_t seen = 0;
        for (std::size_t i = 0; i < buckets_.size(); i++) {
            seen += buckets_[i];
            if (seen >= wanted && seen != 0)
                return std::clamp(last_of(i), min_, max_);
        }
        return max_;
    }

private:
    static constexpr unsigned width = 7; ///< bits of a value that its bucket keeps
    static constexpr unsigned longest = 40;
    static constexpr std::size_t half = std::size_t{1} << (width - 1);

    static std::size_t index(std::uint64_t value) {
        value = std::min(value, (std::uint64_t{1} << longest) - 1);
        const auto bits = static_cast<unsigned>(std::bit_width(value));
        const unsigned shift = bits > width ? bits - width : 0;
        return shift * half + (value >> shift);
    }
    /// The largest value of a bucket.
    static std::uint64_t last_of(std::size_t bucket) {
        const std::size_t shift = bucket < 2 * half ? 0 : bucket / half - 1;
        return ((bucket - shift * half + 1) << shift) - 1;
    }

    std::array<std::uint64_t, (longest - width + 2) * half> buckets_ = {};
    std::uint64_t count_ = 0;
    std::uint64_t sum_ = 0;
    std::uint64_t min_ = ~std::uint64_t{0};
    std::uint64_t max_ = 0;
};

} // namespace load
