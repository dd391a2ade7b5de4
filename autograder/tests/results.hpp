// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Results for tests: one that is written out, and a class of plausible ones from a seed.
#pragma once

#include "autograder/results/result.hpp"

#include <cstdint>
#include <string>
#include <vector>

/// Lab 1 of a student who did three of four exercises; every kind of test status is in it.
[[nodiscard]] grade::Result fixture_result();

/// "student-001" on: most do well, some stop half way, a few were not graded at all. The same seed
/// gives the same class.
[[nodiscard]] std::vector<grade::Result> fake_class(std::size_t size, std::uint64_t seed);

/// What people try: markup, quotes, terminal escapes, formulas of spreadsheets.
inline const std::string hostile = "<script>alert(1)</script>\"'&\x1b[31m\x07\xff=cmd|'/c'!A1";
