// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The checksum against the definition, for all alignments and lengths.
/// @stage{7}
#include <doctest/doctest.h>
#include <random>
#include <stdint.h>
#include <vector>

extern "C" uint16_t netsrv_checksum(const void* data, int length);

namespace {

/// RFC 1071: 16-bit numbers, as they lie in memory, with end-around carry.
uint16_t defined(const uint8_t* data, size_t length) {
    uint32_t sum = 0;
    for (size_t i = 0; i < length; i += 2) {
        sum += data[i] | (i + 1 < length ? uint32_t{data[i + 1]} << 8 : 0);
        sum = (sum & 0xffff) + (sum >> 16);
    }
    return static_cast<uint16_t>(sum);
}

/// Zero has two forms.
uint16_t plain(uint16_t sum) { return sum == 0xffff ? 0 : sum; }

} // namespace

TEST_CASE("checksum: as RFC 1071 defines it, wherever data lies and however long it is") {
    std::mt19937 random(1);
    for (size_t length = 0; length < 200; length++) {
        for (size_t offset = 0; offset < 9; offset++) {
            std::vector<uint64_t> memory(32);
            uint8_t* const data = reinterpret_cast<uint8_t*>(memory.data()) + offset;
            for (size_t i = 0; i < length; i++)
                data[i] = static_cast<uint8_t>(random() % 7 == 0 ? 0xff : random());
            REQUIRE(plain(netsrv_checksum(data, static_cast<int>(length))) ==
                    plain(defined(data, length)));
        }
    }
}

TEST_CASE("checksum: carries of a whole frame of ones") {
    std::vector<uint8_t> ones(9000, 0xff);
    CHECK(plain(netsrv_checksum(ones.data(), 9000)) == plain(defined(ones.data(), 9000)));
}
