// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// SipHash gives what its authors publish for the key of the bytes 0 to 15 and a message of the
/// bytes 0, 1, ...: `vectors_sip64` of their reference implementation.
/// @stage{7}
#include "user/lib/siphash.hpp"

#include <doctest/doctest.h>

namespace {

constexpr user::SipKey key{0x0706'0504'0302'0100, 0x0f0e'0d0c'0b0a'0908};

} // namespace

TEST_CASE("siphash: an empty message") { CHECK(user::siphash(key, {}) == 0x726f'db47'dd0e'0e31); }

TEST_CASE("siphash: one word, and two") {
    CHECK(user::siphash(key, {0x0706'0504'0302'0100}) == 0x93f5'f579'9a93'2462);
    CHECK(user::siphash(key, {0x0706'0504'0302'0100, 0x0f0e'0d0c'0b0a'0908}) ==
          0x3f2a'cc7f'57c2'9bdb);
}
