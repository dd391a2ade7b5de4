// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Tests that run in the kernel, on the machine, before the root task exists. A test is
///
///     KERNEL_TEST("id: what it proves") { expect_equal("what", expected, got); }
///
/// in any file of labs/N-name/tests/kernel/. There is one hart, interrupts are off, and no memory
/// is given to anybody: a test makes its objects in memory of its own. What a test leaves in the
/// kernel's variables the next one finds.
/// Read next: kernel_test.cpp.
#pragma once

#include "kernel/lib/types.hpp"

#include <string_view>

namespace kernel_test {

/// True if `holds`; else the test fails, and says so in these words.
bool expect(const char* what, bool holds);

/// True if two values are the same.
bool expect_equal(const char* what, Word expected, Word got);

/// Tells a number that the test measured or found.
void value(Word number);

/// What inputs that are drawn by chance depend on: `seed=N` of the command line, else 1.
Word seed();

struct Descriptor {
    std::string_view name;
    void (*body)();
};

} // namespace kernel_test

#define KERNEL_TEST_JOIN_(first, second) first##second
#define KERNEL_TEST_JOIN(first, second) KERNEL_TEST_JOIN_(first, second)
#define KERNEL_TEST_OF(name, body)                                                                 \
    static void body();                                                                            \
    [[gnu::used, gnu::section(".kernel_tests")]] static constinit const kernel_test::Descriptor    \
        KERNEL_TEST_JOIN(body, _descriptor) = {name, body};                                        \
    static void body()
#define KERNEL_TEST(name) KERNEL_TEST_OF(name, KERNEL_TEST_JOIN(kernel_test_body_, __LINE__))
