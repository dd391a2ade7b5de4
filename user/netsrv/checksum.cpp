// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The checksum of the Internet protocols: the sum of 16-bit numbers in ones' complement. Carries
/// may be added at any time, so four bytes at once go into a sum of eight.
/// Reference: RFC 1071. Read next: port/lwipopts.h.
/// @stage{7}
#include <lwip/opt.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

namespace {

uint64_t load(const uint8_t* from) {
    // Frames lie so that this is aligned for all but odd pieces of data.
    uint32_t value;
    memcpy(&value, __builtin_assume_aligned(from, 4), sizeof value);
    return value;
}

uint16_t fold(uint64_t sum) {
    while (sum >> 16 != 0)
        sum = (sum & 0xffff) + (sum >> 16);
    return static_cast<uint16_t>(sum);
}

} // namespace

extern "C" u16_t netsrv_checksum(const void* data, int length) {
    const uint8_t* from = static_cast<const uint8_t*>(data);
    size_t left = static_cast<size_t>(length);
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
