// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Points, and what a student reads of each test.
#include "autograder/run/score.hpp"

#include <algorithm>
#include <fmt/core.h>

namespace grade {

namespace {

TestStatus status_of(const std::vector<TestRun>& runs) {
    const auto count = [&](TestRun::Verdict verdict) {
        return static_cast<std::size_t>(std::ranges::count(runs, verdict, &TestRun::verdict));
    };
    if (count(TestRun::Verdict::passed) == runs.size()) {
        return TestStatus::passed;
    }
    return count(TestRun::Verdict::passed) > 0    ? TestStatus::part
           : count(TestRun::Verdict::timeout) > 0 ? TestStatus::timeout
           : count(TestRun::Verdict::crashed) > 0 ? TestStatus::crashed
                                                  : TestStatus::failed;
}

/// What the first run that failed says.
void explain(TestResult& test, const std::vector<TestRun>& runs) {
    for (const TestRun& run : runs) {
        if (run.verdict == TestRun::Verdict::passed) {
            continue;
        }
        if (test.failed_seeds.empty()) {
            test.message = run.messages.empty() ? "it fails" : run.messages.front();
            if (run.messages.size() > 1) {
                test.details.assign(run.messages.begin() + 1, run.messages.end());
            }
            test.log = run.log;
        }
        test.failed_seeds.push_back(run.seed);
    }
}

/// What is not scored here is not expected either.
void lower(Result& result, const PlannedTest& test) {
    const auto exercise =
        std::ranges::find(result.exercises, test.exercise.text(), &ExerciseResult::id);
    if (exercise != result.exercises.end()) {
        exercise->points -= test.points;
        result.max -= test.points;
    }
}

} // namespace

Result empty_result(const TestPlan& plan, const Manifest& manifest) {
    Result result;
    result.lab = plan.lab;
    for (const ManifestExercise& exercise : manifest.exercises) {
        ExerciseResult each;
        each.id = exercise.id.text();
        each.name = exercise.name;
        each.file = exercise.file;
        each.points = exercise.points;
        result.exercises.push_back(std::move(each));
        result.max += exercise.points;
    }
    for (const PlannedTest& test : plan.tests) {
        TestResult each;
        each.id = test.id;
        each.title = test.title;
        each.exercise = test.exercise.text();
        each.tier = text(test.tier);
        if (test.is_scored) {
            each.points = test.points;
        } else {
            lower(result, test);
            each.message = "not scored here";
        }
        each.seeds = test.seeds;
        each.anchor = plan.handout() + (test.anchor.empty() ? "" : "#" + test.anchor);
        each.repro = fmt::format("make grade LAB={} TEST={} V=1", plan.lab, test.id);
        result.tests.push_back(std::move(each));
    }
    return result;
}

const TestResult* Scorer::take(const TestRun& run) {
    const PlannedTest* const planned = plan_.find(run.id);
    const auto test = std::ranges::find(result_.tests, run.id, &TestResult::id);
    if (planned == nullptr || test == result_.tests.end()) {
        return nullptr;
    }
    std::vector<TestRun>& runs = runs_[run.id];
    runs.push_back(run);
    test->seconds += run.seconds;
    if (std::cmp_less(runs.size(), planned->seeds)) {
        return nullptr;
    }
    finish(*test, *planned);
    return &*test;
}

void Scorer::finish(TestResult& test, const PlannedTest& planned) {
    const std::vector<TestRun>& runs = runs_.find(test.id)->second;
    const auto passed = std::ranges::count(runs, TestRun::Verdict::passed, &TestRun::verdict);
    test.status = status_of(runs);
    explain(test, runs);
    if (!test.failed_seeds.empty() && (planned.seeds > 1 || test.failed_seeds.front() != 1)) {
        test.repro += fmt::format(" SEED={}", test.failed_seeds.front());
    }
    double part = static_cast<double>(passed) / static_cast<double>(runs.size());
    for (const TestRun& run : runs) {
        test.value = std::max(test.value, run.value.value_or(0));
    }
    if (planned.perf && part > 0) {
        const auto band = bands_.find(test.id);
        part *= band ? band->part(test.value) : 0;
        if (!band) {
            test.message = "not scored here: this compiler and target have no band";
        } else if (test.value > band->full) {
            test.status = TestStatus::part;
            test.message = fmt::format("{} instructions; {} or fewer give all points, {} none",
                                       test.value, band->full, band->none);
        }
    }
    parts_[test.id] = part;
    test.score = part * test.points * cap_of(test.exercise) / 100;
}

double Scorer::right_part(const PlannedTest& measured) const {
    double least = 1;
    for (const ExerciseId exercise : measured.needs) {
        least = std::min(least, right_part(exercise, measured.needs));
    }
    return least;
}

double Scorer::right_part(ExerciseId exercise, std::span<const ExerciseId> others) const {
    double most = 0;
    double got = 0;
    for (const PlannedTest& test : plan_.tests) {
        const auto part = parts_.find(test.id);
        const bool needs_no_others = std::ranges::all_of(test.needs, [&](ExerciseId needed) {
            return std::ranges::find(others, needed) != others.end();
        });
        if (test.exercise == exercise && !test.perf && part != parts_.end() && needs_no_others) {
            most += test.points;
            got += test.points * part->second;
        }
    }
    return most > 0 ? got / most : 1;
}

int Scorer::cap_of(std::string_view id) const {
    const auto exercise = std::ranges::find(result_.exercises, id, &ExerciseResult::id);
    return exercise == result_.exercises.end() ? 100 : exercise->cap;
}

void Scorer::leave_out(std::string_view id, std::string why) {
    const auto test = std::ranges::find(result_.tests, id, &TestResult::id);
    if (test != result_.tests.end()) {
        test->status = TestStatus::not_run;
        test->message = std::move(why);
    }
}

void Scorer::add_up() {
    for (TestResult& test : result_.tests) {
        const PlannedTest& planned = *plan_.find(test.id);
        const auto part = parts_.find(test.id);
        const bool has_points = part != parts_.end() && part->second > 0;
        const double right = planned.perf && has_points ? right_part(planned) : 1;
        if (right < 1) {
            test.status = TestStatus::part;
            test.message = fmt::format("{} instructions count {:.0f} %: so much is right of an "
                                       "exercise that is measured",
                                       test.value, right * 100);
            test.score = part->second * right * test.points * cap_of(test.exercise) / 100;
        }
    }
    result_.score = 0;
    for (ExerciseResult& exercise : result_.exercises) {
        exercise.score = 0;
        for (const TestResult& test : result_.tests) {
            exercise.score += test.exercise == exercise.id ? test.score : 0;
        }
        result_.score += exercise.score;
    }
}

} // namespace grade
