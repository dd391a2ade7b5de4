// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Both digests read blocks of 64 bytes, padded in the same way, and differ in what they do with
/// one. Names and letters are those of FIPS 180-4.
#include "autograder/source/digest.hpp"

#include <array>
#include <bit>
#include <cstdint>
#include <fmt/core.h>

namespace grade {

namespace {

using Word = std::uint32_t;
constexpr std::size_t block_bytes = 64;

/// FIPS 180-4, 5.1.1: a one, zeros, and the length in bits.
std::string padded(std::string_view text) {
    std::string result(text);
    result.push_back('\x80');
    result.append((block_bytes * 2 - 8 - result.size() % block_bytes) % block_bytes, '\0');
    const std::uint64_t bits = std::uint64_t{text.size()} * 8;
    for (int shift = 56; shift >= 0; shift -= 8) {
        result.push_back(static_cast<char>(bits >> shift & 0xff));
    }
    return result;
}

Word word_at(std::string_view text, std::size_t at) {
    Word word = 0;
    for (std::size_t byte = 0; byte < sizeof(Word); ++byte) {
        word = word << 8 | static_cast<unsigned char>(text[at + byte]);
    }
    return word;
}

class Sha1 {
public:
    static constexpr std::size_t words = 5;

    void add(std::string_view block) {
        std::array<Word, 80> w{};
        for (std::size_t t = 0; t < w.size(); ++t) {
            w[t] = t < 16 ? word_at(block, t * sizeof(Word))
                          : std::rotl(w[t - 3] ^ w[t - 8] ^ w[t - 14] ^ w[t - 16], 1);
        }
        auto [a, b, c, d, e] = state_;
        for (std::size_t t = 0; t < w.size(); ++t) {
            const Word f = t < 20   ? (b & c) ^ (~b & d)
                           : t < 40 ? b ^ c ^ d
                           : t < 60 ? (b & c) ^ (b & d) ^ (c & d)
                                    : b ^ c ^ d;
            static constexpr std::array<Word, 4> k = {0x5a827999, 0x6ed9eba1, 0x8f1bbcdc,
                                                      0xca62c1d6};
            const Word next = std::rotl(a, 5) + f + e + k[t / 20] + w[t];
            e = d;
            d = c;
            c = std::rotl(b, 30);
            b = a;
            a = next;
        }
        const std::array<Word, words> sum = {a, b, c, d, e};
        for (std::size_t at = 0; at < words; ++at) {
            state_[at] += sum[at];
        }
    }

    [[nodiscard]] const std::array<Word, words>& state() const { return state_; }

private:
    std::array<Word, words> state_ = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0};
};

class Sha256 {
public:
    static constexpr std::size_t words = 8;

    void add(std::string_view block) {
        std::array<Word, 64> w{};
        for (std::size_t t = 0; t < w.size(); ++t) {
            w[t] = t < 16 ? word_at(block, t * sizeof(Word))
                          : w[t - 16] + w[t - 7] + small(w[t - 15], 7, 18, 3) +
                                small(w[t - 2], 17, 19, 10);
        }
        auto [a, b, c, d, e, f, g, h] = state_;
        for (std::size_t t = 0; t < w.size(); ++t) {
            const Word t1 = h + big(e, 6, 11, 25) + ((e & f) ^ (~e & g)) + k[t] + w[t];
            const Word t2 = big(a, 2, 13, 22) + ((a & b) ^ (a & c) ^ (b & c));
            h = g;
            g = f;
            f = e;
            e = d + t1;
            d = c;
            c = b;
            b = a;
            a = t1 + t2;
        }
        const std::array<Word, words> sum = {a, b, c, d, e, f, g, h};
        for (std::size_t at = 0; at < words; ++at) {
            state_[at] += sum[at];
        }
    }

    [[nodiscard]] const std::array<Word, words>& state() const { return state_; }

private:
    static Word small(Word x, int first, int second, int shift) {
        return std::rotr(x, first) ^ std::rotr(x, second) ^ x >> shift;
    }
    static Word big(Word x, int first, int second, int third) {
        return std::rotr(x, first) ^ std::rotr(x, second) ^ std::rotr(x, third);
    }

    /// The first bits of the fractions of the cube roots of the first 64 primes.
    static constexpr std::array<Word, 64> k = {
        0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4,
        0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe,
        0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f,
        0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7,
        0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc,
        0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b,
        0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116,
        0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
        0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7,
        0xc67178f2};
    std::array<Word, words> state_ = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                      0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
};

template <class Digest>
std::string digest_of(std::string_view text) {
    Digest digest;
    const std::string all = padded(text);
    for (std::size_t at = 0; at < all.size(); at += block_bytes) {
        digest.add(std::string_view(all).substr(at, block_bytes));
    }
    std::string result;
    for (const Word word : digest.state()) {
        result += fmt::format("{:08x}", word);
    }
    return result;
}

} // namespace

std::string sha1(std::string_view text) { return digest_of<Sha1>(text); }
std::string sha256(std::string_view text) { return digest_of<Sha256>(text); }

std::string git_blob_id(std::string_view content) {
    std::string object = fmt::format("blob {}", content.size());
    object.push_back('\0');
    return sha1(object.append(content));
}

} // namespace grade
