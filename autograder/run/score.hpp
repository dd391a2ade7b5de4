// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// From runs of tests to points.
/// Always holds: a test's points are its worth times the part of its runs that passed; those of a
/// performance test are also times what its band gives to the worst value, and those of an exercise
/// that was caught up are times its cap. What is quick and wrong is worth nothing: a performance
/// test counts as far as the worst of the exercises that it needs is right.
/// Read next: grader.hpp.
#pragma once

#include "autograder/results/result.hpp"
#include "autograder/run/bands.hpp"
#include "autograder/run/tests.hpp"

namespace grade {

/// The result of a lab in which nothing was run yet: all its exercises and tests, without points.
[[nodiscard]] Result empty_result(const TestPlan& plan, const Manifest& manifest);

/// Collects runs into a result.
class Scorer {
public:
    /// @param result from empty_result(); it and the others must outlive the scorer
    Scorer(Result& result, const TestPlan& plan, const Bands& bands)
        : result_(result), plan_(plan), bands_(bands) {}

    /// Takes a run in. The test, once all its runs are in; else null.
    const TestResult* take(const TestRun& run);

    /// A test that cannot be run.
    void leave_out(std::string_view id, std::string why);

    /// Adds up exercises and lab. May be called again.
    void add_up();

private:
    void finish(TestResult& test, const PlannedTest& planned);
    /// How much of what a performance test measures is right, by the others: 0 to 1.
    [[nodiscard]] double right_part(const PlannedTest& measured) const;
    /// Of an exercise: what has passed, of the tests that were run and need no other exercises.
    [[nodiscard]] double right_part(ExerciseId exercise, std::span<const ExerciseId> others) const;
    /// Per cent.
    [[nodiscard]] int cap_of(std::string_view exercise) const;

    Result& result_;
    const TestPlan& plan_;
    const Bands& bands_;
    std::map<std::string, std::vector<TestRun>, std::less<>> runs_;
    std::map<std::string, double, std::less<>> parts_; ///< of each test's points, 0 to 1
};

} // namespace grade
