// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// One result in the form that another system reads. Each form has a file of its own.
/// Always holds: a system that takes grades never gets one that is no grade. A fault of the grader
/// and a run that was cut off are refused there; JUnit and CSV show them as what they are.
/// Read next: gradescope.cpp.
#pragma once

#include "autograder/results/result.hpp"

#include <expected>
#include <string>

namespace grade {

enum class Format { gradescope, autolab, github, junit, csv };

/// results.json of a Gradescope autograder: one test each, integration and marks by hand among
/// them. `score` is the total, so that it holds whatever the tests add up to.
[[nodiscard]] std::string to_gradescope(const Result& result);

/// What an Autolab autograder prints: the result as text, and in the last line the points of each
/// problem, which are named as the exercises ("1.1"), and "integration".
[[nodiscard]] std::string to_autolab(const Result& result);

/// What a GitHub Classroom grader hands to autograding-grading-reporter, before it is coded in
/// base 64: echo "result=$(base64 -w0 FILE)" >> "$GITHUB_OUTPUT"
[[nodiscard]] std::string to_github(const Result& result);

/// JUnit XML, one suite: failures are failed tests, errors those that crashed or did not end.
[[nodiscard]] std::string to_junit(const Result& result);

/// A row a test, with a head.
[[nodiscard]] std::string to_csv(const Result& result);

/// @return or why this result must not be handed on
[[nodiscard]] std::expected<std::string, std::string> convert(const Result& result, Format format);

/// A test in plain lines, safe: what is wrong, where to read, how to see it again.
[[nodiscard]] std::string feedback_text(const TestResult& test);

} // namespace grade
