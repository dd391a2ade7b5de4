// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The conformance suite: a root task that does nothing but tests of the kernel.
/// Read next: README.md.
/// @stage{1}
#include "user/lib/program.hpp"
#include "user/lib/test.hpp"

int main() { return test::run_all(); }
