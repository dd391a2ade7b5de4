// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The main function of a root task that does nothing but tests.
/// Read next: test.hpp.
/// @stage{1}
#include "user/lib/program.hpp"
#include "user/lib/test.hpp"

int main() { return test::run_all(); }
