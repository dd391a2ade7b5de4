// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What a performance test is worth: as much as is right of what it measures.
#include "autograder/run/score.hpp"

#include <algorithm>
#include <doctest/doctest.h>

namespace {

using namespace grade;
using Verdict = TestRun::Verdict;

constexpr ExerciseId first{1, 1};
constexpr ExerciseId second{1, 2};
constexpr ExerciseId third{1, 3};

PlannedTest planned(const char* id, ExerciseId exercise, int points,
                    std::vector<ExerciseId> needs) {
    PlannedTest test;
    test.id = id;
    test.exercise = exercise;
    test.points = points;
    test.needs = std::move(needs);
    return test;
}

/// `speed` needs the first two exercises.
TestPlan plan() {
    TestPlan plan;
    plan.lab = 1;
    plan.tests = {planned("a", first, 3, {first}), planned("a-more", first, 1, {first}),
                  planned("b", second, 5, {second}), planned("b-third", second, 5, {second, third}),
                  planned("speed", second, 4, {first, second})};
    plan.tests.back().perf = true;
    return plan;
}

/// The test `speed`, when these have failed and it has measured so much.
TestResult measured_test(std::initializer_list<std::string_view> failed, std::uint64_t value) {
    Problems problems;
    const Bands bands = Bands::read(
        SourceTree({{"labs/1-a/bands.toml", "[llvm-19.speed]\nfull = 100\nnone = 200\n", false}}),
        "labs/1-a", "llvm-19", problems);
    REQUIRE(problems.empty());
    const TestPlan tests = plan();
    Manifest manifest;
    Result result = empty_result(tests, manifest);
    Scorer scorer(result, tests, bands);
    for (const PlannedTest& test : tests.tests) {
        const bool fails = std::ranges::find(failed, test.id) != failed.end();
        static_cast<void>(
            scorer.take({test.id, 1, fails ? Verdict::failed : Verdict::passed, {}, value, {}, 0}));
        scorer.add_up(); // it may be called at any time
    }
    return result.tests.back();
}

} // namespace

TEST_CASE("score: a measured value is worth what its band says") {
    CHECK(measured_test({}, 90).score == doctest::Approx(4));
    CHECK(measured_test({}, 90).status == TestStatus::passed);
    CHECK(measured_test({}, 150).score == doctest::Approx(2));
    CHECK(measured_test({}, 200).score == doctest::Approx(0));
    CHECK(measured_test({"speed"}, 90).score == doctest::Approx(0));
}

TEST_CASE("score: what is quick and wrong counts as far as the worst exercise is right") {
    CHECK(measured_test({"a"}, 90).score == doctest::Approx(1));
    CHECK(measured_test({"a-more"}, 150).score == doctest::Approx(1.5));
    CHECK(measured_test({"a-more", "b"}, 90).score == doctest::Approx(0));
    CHECK(measured_test({"b"}, 1).status == TestStatus::part);
    CHECK(measured_test({"b"}, 1).message ==
          "1 instructions count 0 %: so much is right of an exercise that is measured");
}

TEST_CASE("score: of what other exercises are needed for nothing is asked") {
    CHECK(measured_test({"b-third"}, 90).score == doctest::Approx(4));
}
