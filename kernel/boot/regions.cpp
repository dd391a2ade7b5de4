// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Few ranges in an array: everything is a walk over all of them.
/// @stage{1}
#include "kernel/boot/regions.hpp"

#include "kernel/abi/object.hpp"
#include "kernel/lib/assert.hpp"

#include <algorithm>
#include <bit>

void Regions::insert(unsigned index, Range range) {
    if (count_ == capacity)
        panic("memory is in too many pieces");
    std::copy_backward(begin() + index, end(), ranges_.data() + count_ + 1);
    ranges_[index] = range;
    count_++;
}

void Regions::erase(unsigned index) {
    std::copy(begin() + index + 1, end(), ranges_.data() + index);
    count_--;
}

void Regions::add(Range range) {
    if (range.empty())
        return;
    unsigned index = 0;
    while (index < count_ && ranges_[index].end < range.start)
        index++;
    while (index < count_ && ranges_[index].start <= range.end) {
        range.start = std::min(range.start, ranges_[index].start);
        range.end = std::max(range.end, ranges_[index].end);
        erase(index);
    }
    insert(index, range);
}

void Regions::remove(Range range) {
    if (range.empty())
        return;
    for (unsigned index = 0; index < count_;) {
        const Range old = ranges_[index];
        if (old.end <= range.start || range.end <= old.start) {
            index++;
            continue;
        }
        erase(index);
        if (old.start < range.start)
            insert(index++, {old.start, range.start});
        if (range.end < old.end)
            insert(index++, {range.end, old.end});
    }
}

std::optional<PAddr> Regions::take(Word size, unsigned alignment_bits) {
    Range best;
    PAddr place;
    for (const Range& range : *this) {
        if (range.size() < size || (!best.empty() && best.size() <= range.size()))
            continue;
        const PAddr start((range.end.value - size) & ~mask(alignment_bits));
        if (start >= range.start) {
            best = range;
            place = start;
        }
    }
    if (best.empty())
        return {};
    remove(Range::sized(place, size));
    return place;
}

bool Regions::contains(Range range) const {
    return std::any_of(begin(), end(), [=](const Range& one) { return one.contains(range); });
}

Word Regions::size() const {
    Word sum = 0;
    for (const Range& range : *this)
        sum += range.size();
    return sum;
}

unsigned first_untyped_bits(Range range) {
    if (range.empty())
        return 0;
    const auto fits = static_cast<unsigned>(std::bit_width(range.size())) - 1;
    const auto aligned = static_cast<unsigned>(std::countr_zero(range.start.value));
    const unsigned bits = std::min({fits, aligned, abi::greatest_untyped_bits});
    return bits < abi::least_untyped_bits ? 0 : bits;
}
