// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A short sum of words that nobody can guess who does not know the key: SipHash-2-4. From one
/// secret it makes many numbers that tell nothing about it, nor about each other.
/// Reference: Aumasson and Bernstein, "SipHash: a fast short-input PRF", 2012.
/// @stage{1}
#pragma once

#include <bit>
#include <initializer_list>
#include <stdint.h>
#include <string_view>

namespace user {

struct SipKey {
    uint64_t low = 0;
    uint64_t high = 0;
};

namespace sip {

struct State {
    uint64_t a, b, c, d;

    explicit constexpr State(const SipKey& key)
        : a(key.low ^ 0x736f'6d65'7073'6575), b(key.high ^ 0x646f'7261'6e64'6f6d),
          c(key.low ^ 0x6c79'6765'6e65'7261), d(key.high ^ 0x7465'6462'7974'6573) {}

    constexpr void round() {
        a += b;
        c += d;
        b = std::rotl(b, 13) ^ a;
        d = std::rotl(d, 16) ^ c;
        a = std::rotl(a, 32) + d;
        c += b;
        d = std::rotl(d, 21) ^ a;
        b = std::rotl(b, 17) ^ c;
        c = std::rotl(c, 32);
    }
    constexpr void take(uint64_t word) {
        d ^= word;
        round();
        round();
        a ^= word;
    }
    constexpr uint64_t sum() {
        c ^= 0xff;
        for (int i = 0; i < 4; i++)
            round();
        return a ^ b ^ c ^ d;
    }
};

} // namespace sip

/// Of whole words, at most 31.
constexpr uint64_t siphash(const SipKey& key, std::initializer_list<uint64_t> words) {
    sip::State state(key);
    for (const uint64_t word : words)
        state.take(word);
    state.take(uint64_t{words.size() * sizeof(uint64_t)} << 56);
    return state.sum();
}

/// Of bytes.
constexpr uint64_t siphash(const SipKey& key, std::string_view bytes) {
    sip::State state(key);
    uint64_t word = 0;
    for (size_t i = 0; i < bytes.size(); i++) {
        word |= uint64_t{static_cast<uint8_t>(bytes[i])} << i % 8 * 8;
        if (i % 8 == 7) {
            state.take(word);
            word = 0;
        }
    }
    state.take(word | uint64_t{bytes.size()} << 56);
    return state.sum();
}

} // namespace user
