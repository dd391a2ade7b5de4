// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A result as a student sees it on a terminal: a line per test as it ends, what is wrong with
/// those that failed, and a summary. Functions give text; the caller prints it.
///
///       pass  3/3    resolve-guard         a guard is compared bit by bit
///       fail  0/4    resolve-depth         no more bits are resolved than the depth allows
///             a depth of 12 bits ends inside the second CNode
///             expected: DepthMismatch
///             got:      success
///             read      handouts/1-capabilities.md#exercise-1-1
///             again     make grade LAB=1 TEST=resolve-depth SEED=2
///
/// Always holds: no line is wider than the style says but that of a command, which must be copied
/// whole; nothing of a submission reaches the terminal but safe text (safe_text.hpp).
/// Read next: history.hpp.
#pragma once

#include "autograder/results/history.hpp"

#include <span>
#include <string>

namespace grade {

struct TerminalStyle {
    bool colour = false;
    std::size_t width = 100;
};

/// Colour if the descriptor is a terminal that knows it and the variable NO_COLOR is not set.
[[nodiscard]] TerminalStyle terminal_style(int descriptor);

/// One line, for a test that has ended; of one that was not run it says why.
[[nodiscard]] std::string live_line(const TestResult& test, const TerminalStyle& style);

/// What is wrong, indented below live_line; nothing for a test that passed, or was not run.
[[nodiscard]] std::string failure_text(const TestResult& test, const TerminalStyle& style);

/// Points, exercises, what changed since the last run, the best so far, warnings.
[[nodiscard]] std::string summary_text(const Result& result, const Comparison& comparison,
                                       const TerminalStyle& style);

/// The end of a run of some tests: nothing of points, for the others were not run. But what does
/// not compile is told, and warnings are.
[[nodiscard]] std::string summary_of_some(const Result& result, std::span<const std::string> tests,
                                          const TerminalStyle& style);

/// A whole result at once: all lines with their failures, then the summary.
[[nodiscard]] std::string result_text(const Result& result, const Comparison& comparison,
                                      const TerminalStyle& style);

} // namespace grade
