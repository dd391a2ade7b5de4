// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What grading again changed, for each student and test.
/// Read next: regrade.hpp.
#pragma once

#include "autograder/results/result.hpp"

#include <span>

namespace grade {

struct ScoreChange {
    std::string student;
    std::string test; ///< or "integration"; "total" with lateness taken off
    double before = 0;
    double now = 0;
    std::string message; ///< what the test says now
};

/// Of tests that only one of them has the other's score is 0. The total comes last, if it changed.
[[nodiscard]] std::vector<ScoreChange> score_changes(const Result& before, const Result& now);

[[nodiscard]] std::string changes_csv(std::span<const ScoreChange> changes);

} // namespace grade
