// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Addresses on the command line: those that are right, and each way of being wrong.
/// @stage{7}
#include "user/netsrv/address.hpp"

#include <doctest/doctest.h>

using netsrv::address_in;
using netsrv::FixedAddress;
using netsrv::parse_address;

TEST_CASE("address: with and without a way out") {
    CHECK(parse_address("10.0.2.15/24,10.0.2.2") ==
          FixedAddress{0x0a00020f, 0xffffff00, 0x0a000202});
    CHECK(parse_address("192.168.1.255/16") == FixedAddress{0xc0a801ff, 0xffff0000, 0});
    CHECK(parse_address("1.2.3.4/31,1.2.3.5") == FixedAddress{0x01020304, 0xfffffffe, 0x01020305});
}

TEST_CASE("address: what is not quite right is none") {
    for (const char* text :
         {"", "10.0.2.15", "10.0.2/24", "10.0.2.15/", "10.0.2.15/0", "10.0.2.15/32", "10.0.2.15/33",
          "10.0.2.256/24", "10.0.2.-1/24", "0.0.0.0/24", "10.0.2.15/24,", "10.0.2.15/24,10.0.2",
          "10.0.2.15/24,10.0.3.2", "10.0.2.15/24,10.0.2.2x", "10.0.2.15/24 ", "a.b.c.d/24",
          "10.0.2.15/99999999999"})
        CHECK_MESSAGE(!parse_address(text), text);
}

TEST_CASE("address: it is found on a command line, as a word of its own") {
    CHECK(address_in("net=a") == "a");
    CHECK(address_in("seed=7  net=10.0.2.15/24 x") == "10.0.2.15/24");
    CHECK(address_in("subnet=a net= b").empty());
    CHECK(address_in("").empty());
    CHECK(address_in("netsrv").empty());
}
