// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A set of physical addresses, as few ranges of them: RAM, memory in use, registers of devices.
///
///     add      ───███████───────          remove   ───██───███───────
///
/// Always holds: the ranges are sorted, not empty, and neither overlap nor touch.
/// Read next: kernel/boot/root_task.cpp, which makes untypeds of what is left.
/// @stage{1}
#pragma once

#include "kernel/lib/types.hpp"

#include <array>
#include <optional>

/// The addresses [start, end).
struct Range {
    PAddr start;
    PAddr end;

    static constexpr Range sized(PAddr start, Word size) { return {start, start + size}; }
    [[nodiscard]] constexpr bool empty() const { return end <= start; }
    [[nodiscard]] constexpr Word size() const { return empty() ? 0 : end - start; }
    [[nodiscard]] constexpr bool contains(Range other) const {
        return start <= other.start && other.end <= end;
    }
    constexpr bool operator==(const Range&) const = default;
};

class Regions {
public:
    static constexpr unsigned capacity = 32;

    /// Panics if that makes more than `capacity` ranges. So does remove().
    void add(Range range);
    void remove(Range range);

    /// Removes `size` bytes at a multiple of 2^alignment_bits and answers where they begin: as high
    /// as possible in the smallest range in which they fit, so that large ones stay in one piece.
    /// Nothing if they fit nowhere. @pre size > 0
    [[nodiscard]] std::optional<PAddr> take(Word size, unsigned alignment_bits);

    /// Is all of `range` in the set?
    [[nodiscard]] bool contains(Range range) const;
    /// Bytes in the set.
    [[nodiscard]] Word size() const;

    [[nodiscard]] const Range* begin() const { return ranges_.data(); }
    [[nodiscard]] const Range* end() const { return ranges_.data() + count_; }

private:
    void insert(unsigned index, Range range);
    void erase(unsigned index);

    std::array<Range, capacity> ranges_ = {};
    unsigned count_ = 0;
};

/// Log2 of the greatest untyped at the start of `range`: its size is a power of two within
/// abi's limits, and divides its address. 0: none fits.
[[nodiscard]] unsigned first_untyped_bits(Range range);
