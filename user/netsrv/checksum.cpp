// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The checksum of the Internet protocols: the sum of 16-bit numbers in ones' complement. Carries
/// may be added at any time, so four bytes at once go into a sum of eight.
/// Reference: RFC 1071. Read next: port/lwipopts.h.
/// @stage{7}
#include <lwip/opt.h>
#include <stddef.h>
#include <stdint.h>

namespace {

constexpr int header_bytes = 20; ///< of IP, and of TCP: every frame has both

/// Any memory may be read through it.
using AnyWord [[gnu::may_alias]] = uint32_t;

/// @pre aligned
uint64_t load(const uint8_t* from) { return *reinterpret_cast<const AnyWord*>(from); }

/// Adds the halves, and the carry to that: in the upper half of twice the sum, turned by half.
uint16_t fold(uint64_t sum) {
    sum = (sum + (sum << 32 | sum >> 32)) >> 32;
    const uint32_t halves = static_cast<uint32_t>(sum);
    return static_cast<uint16_t>((halves + (halves << 16 | halves >> 16)) >> 16);
}

/// @pre the address is aligned
uint16_t sum_of_header(const uint8_t* from) {
    return fold(load(from) + load(from + 4) + load(from + 8) + load(from + 12) + load(from + 16));
}

/// Of any data.
uint16_t sum_of(const void* data, size_t length) {
    const uint8_t* from = static_cast<const uint8_t*>(data);
    size_t left = length;
    const bool odd = (reinterpret_cast<uintptr_t>(from) & 1) != 0;
    uint64_t sum = 0;
    if (odd && left != 0) { // everything behind is exchanged, and exchanged again at the end
        sum += uint64_t{*from++} << 8;
        left--;
    }
    if ((reinterpret_cast<uintptr_t>(from) & 2) != 0 && left >= 2) {
        sum += from[0] | uint64_t{from[1]} << 8;
        from += 2;
        left -= 2;
    }
    for (; left >= 16; left -= 16, from += 16)
        sum += load(from) + load(from + 4) + load(from + 8) + load(from + 12);
    for (; left >= 4; left -= 4, from += 4)
        sum += load(from);
    if (left >= 2) {
        sum += from[0] | uint64_t{from[1]} << 8;
        from += 2;
        left -= 2;
    }
    if (left != 0)
        sum += *from;
    const uint16_t folded = fold(sum);
    return odd ? static_cast<uint16_t>(folded << 8 | folded >> 8) : folded;
}

} // namespace

extern "C" u16_t netsrv_checksum(const void* data, int length) {
    const uint8_t* const from = static_cast<const uint8_t*>(data);
    const bool aligned = reinterpret_cast<uintptr_t>(from) % 4 == 0;
    return aligned && length == header_bytes ? sum_of_header(from)
                                             : sum_of(data, static_cast<size_t>(length));
}
