// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// How results of tests are told: as TAP 13, or, if the machine's command line has a nonce, in the
/// lines of a graded run (labs/lib/protocol.hpp).
/// @stage{1}
#pragma once

#include "user/lib/test.hpp"

#include <span>

namespace test::report {

void start();
void begin(const Descriptor& test, unsigned number);
/// @param failures why it fails, at most a few lines
/// @param skipped why it was not done; null if it was
void result(const Descriptor& test, unsigned number, bool passed,
            std::span<const console::Line> failures, const char* skipped);
/// A number that the test measured or found.
void value(const Descriptor& test, Word number);
void end(unsigned count);

} // namespace test::report
