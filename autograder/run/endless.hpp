// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Runs that do not come to an end: an exercise costs the time of two, not of all its tests with
/// all their seeds, and so does a system that comes to no test at all. Read next: runs.hpp.
#pragma once

#include "autograder/source/exercise.hpp"

#include <fmt/format.h>
#include <map>

namespace grade {

class Endless {
public:
    /// A test of this exercise did not come to its end.
    void note(ExerciseId exercise) { ++tests_[exercise]; }
    /// A run did not come to its first test.
    void note_start() { ++starts_; }

    [[nodiscard]] bool has_given_up(ExerciseId exercise) const {
        const auto found = tests_.find(exercise);
        return starts_ >= enough || (found != tests_.end() && found->second >= enough);
    }
    /// What a test is told that is not run. @pre has_given_up(exercise)
    [[nodiscard]] std::string why(ExerciseId exercise) const {
        return starts_ >= enough
                   ? "not run: two runs before it did not come to their first test"
                   : fmt::format("not run: two runs of tests of exercise {} before it did not come "
                                 "to an end",
                                 exercise.text());
    }

private:
    static constexpr int enough = 2;

    std::map<ExerciseId, int> tests_;
    int starts_ = 0;
};

} // namespace grade
