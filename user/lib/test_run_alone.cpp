// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Runs tests in the one thread there is, for a kernel without threads. A test that faults ends
/// everything; whoever reads the results sees which one it was and starts again behind it.
/// @stage{1}
#include "user/lib/test.hpp"

namespace test {

void prepare_runner() {}

void run_body(const Descriptor& test) { test.body(); }

} // namespace test
