// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Where a build failed is found in what compilers and linkers say.
#include "autograder/run/compiler_messages.hpp"

#include <doctest/doctest.h>

using namespace grade;

using Messages = std::vector<CompilerMessage>;

TEST_SUITE("compiler messages") {
    TEST_CASE("errors of compilers, each place once") {
        CHECK(read_errors("  CXX   kernel/cap/mdb.cpp\n"
                          "kernel/cap/mdb.cpp:140:5: error: expected ';' after expression\n"
                          "  140 |     x\n"
                          "kernel/cap/mdb.cpp:140:5: error: expected ';' after expression\n"
                          "./kernel/cap/mdb.hpp:7: fatal error: no such file\n"
                          "kernel/riscv/entry.S:12:1: error: unrecognized instruction\n"
                          "make: *** [a.mk:3: b.o] Error 1\n") ==
              Messages{{"kernel/cap/mdb.cpp", 140, "expected ';' after expression"},
                       {"kernel/cap/mdb.hpp", 7, "no such file"},
                       {"kernel/riscv/entry.S", 12, "unrecognized instruction"}});
    }

    TEST_CASE("what a linker misses is where it is used") {
        CHECK(read_errors("ld.lld: error: undefined symbol: helper()\n"
                          ">>> referenced by cspace.cpp:33 (./kernel/cap/cspace.cpp:33)\n") ==
              Messages{{"kernel/cap/cspace.cpp", 33, "undefined symbol: helper()"}});
        CHECK(read_errors("./kernel/cap/cspace.cpp:33: undefined reference to `helper()'\n") ==
              Messages{{"kernel/cap/cspace.cpp", 33, "undefined reference to `helper()'"}});
    }

    TEST_CASE("rubbish is no error") {
        CHECK(read_errors(":12: error: x\nfile:0: error: y\nfile:: error: z\n:::\n\n").empty());
        CHECK(read_errors(std::string(1'000'000, ':')).empty());
    }
}
