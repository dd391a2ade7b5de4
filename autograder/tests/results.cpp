// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The class is drawn with a generator of ours, so that it is the same with every library.
#include "autograder/tests/results.hpp"

#include "autograder/results/result.hpp"

#include <algorithm>
#include <array>
#include <fmt/core.h>

using grade::ExerciseState;
using grade::Result;
using grade::ResultStatus;
using grade::TestResult;
using grade::TestStatus;

namespace {

/// SplitMix64.
class Dice {
public:
    explicit Dice(std::uint64_t seed) : state_(seed) {}
    /// From 0 to `sides` - 1.
    std::uint64_t roll(std::uint64_t sides) {
        std::uint64_t word = state_ += 0x9e3779b97f4a7c15;
        word = (word ^ (word >> 30U)) * 0xbf58476d1ce4e5b9;
        word = (word ^ (word >> 27U)) * 0x94d049bb133111eb;
        return (word ^ (word >> 31U)) % sides;
    }

private:
    std::uint64_t state_;
};

TestResult fixture_test(const std::string& id, const std::string& exercise, double points,
                        TestStatus status, double score) {
    TestResult test;
    test.id = id;
    test.title = "a guard is compared bit by bit";
    test.exercise = exercise;
    test.tier = "host";
    test.points = points;
    test.score = score;
    test.status = status;
    test.seconds = 0.25;
    test.anchor = "handouts/1-capabilities.md#exercise-1-1";
    if (status != TestStatus::passed) {
        test.repro = "make grade LAB=1 TEST=" + id + " SEED=7";
    }
    return test;
}

void add_fixture_tests(Result& result) {
    result.tests = {fixture_test("resolve-guard", "1.1", 4, TestStatus::passed, 4),
                    fixture_test("resolve-depth", "1.1", 6, TestStatus::part, 2.5),
                    fixture_test("insert-order", "1.2", 5, TestStatus::crashed, 0),
                    fixture_test("revoke-all", "1.4", 4, TestStatus::not_run, 0),
                    fixture_test("revoke-one", "1.4", 1, TestStatus::failed, 0)};
    TestResult& part = result.tests[1];
    part.tier = "guest";
    part.message = "a depth of 12 bits is not enough";
    part.details = {"expected: GuardMismatch, 3 bits found", "got:      success"};
    part.seeds = 4;
    part.failed_seeds = {2, 3};
    part.value = 42;
    part.log = "boot\nresolve-depth begins\n";
    result.tests[2].message = "the kernel stopped: mdb::insert wrote to 0x0";
    result.tests[3].message = "exercise 1.4 is a hole";
    result.tests[4].message = "exercise 1.4 is a hole";
}

} // namespace

Result fixture_result() {
    Result result;
    result.lab = 1;
    result.course = "c0ffee";
    result.submission = {
        "student-017", "student-017.tar.gz", std::string(64, 'a'), "feed", true, 1};
    result.toolchain = "clang 19.1.7";
    result.emulator = "9.2-abc";
    result.sandbox = "bwrap";
    result.seed = 7;
    result.status = ResultStatus::ok;
    result.message = "2 of 5 tests passed in whole or in part";
    result.complete = true;
    result.started = "2026-01-31T12:00:00Z";
    result.seconds = 12.5;
    result.score = 6.5;
    result.max = 20;
    result.exercises = {
        {"1.1", "cspace::resolve", "kernel/cap/cspace.cpp", ExerciseState::done, "", 10, 6.5, 21},
        {"1.2", "mdb::insert", "kernel/cap/mdb.cpp", ExerciseState::not_compiled,
         "kernel/cap/mdb.cpp:41: use of undeclared identifier 'nxt'", 5, 0, 9},
        {"1.3", "mdb::derive", "kernel/cap/mdb.cpp", ExerciseState::caught_up, "", 0, 0, 0},
        {"1.4", "finalise::revoke", "kernel/cap/finalise.cpp", ExerciseState::hole, "", 5, 0, 0}};
    add_fixture_tests(result);
    result.integration = {2, 0, {"1.3"}, "the student's own system does not boot"};
    result.questions = {{"Q1", true}, {"Q2", false}};
    result.manual = {{"questions", 5, 10}};
    result.warnings = {"kernel/boot/boot.cpp:40 was changed and will not be graded"};
    return result;
}

namespace {

struct Plan {
    const char* id;
    const char* exercise;
    const char* tier;
    int points;
    int difficulty; ///< in a hundred
    const char* title;
    const char* message; ///< with {} for what differs between students
};

constexpr std::array plans = {
    Plan{"resolve-guard", "1.1", "host", 5, 12,
         "a guard is compared bit by bit, and says where it differs",
         "the guard is 3 bits; {} of them match, so the error must be GuardMismatch"},
    Plan{"resolve-depth", "1.1", "host", 5, 20, "no more bits are resolved than the depth allows",
         "a depth of {} bits ends inside the second CNode: the error must be DepthMismatch"},
    Plan{"resolve-root", "1.1", "kernel", 5, 8, "a radix of 0 is refused", "slot {} was given out"},
    Plan{"derive-untyped", "1.2", "host", 6, 25, "an untyped with children cannot be copied",
         "an untyped with {} children was copied"},
    Plan{"derive-zombie", "1.2", "host", 4, 35, "what is being deleted cannot be copied",
         "a zombie at 0x{:x} was copied"},
    Plan{"insert-order", "1.3", "host", 5, 22, "a child is right behind its parent",
         "the child was found {} places behind its parent"},
    Plan{"insert-both", "1.3", "host", 5, 40, "both neighbours point at the new one",
         "the next slot's back link still holds 0x{:x}"},
    Plan{"revoke-all", "1.4", "guest", 8, 30, "revoke deletes all children and nothing else",
         "{} children are left"},
    Plan{"revoke-preempt", "1.4", "guest", 7, 70, "revoke of many children lets others run",
         "no other thread ran for {} instructions"},
    Plan{"walk-levels", "1.5", "kernel", 10, 18, "three levels are walked, and leaf pages found",
         "the entry of 0x{:x} was looked for at level 1"},
    Plan{"walk-misaligned", "1.5", "kernel", 10, 55, "a misaligned superpage is no mapping",
         "0x{:x} was translated"},
    Plan{"map-race", "1.6", "guest", 20, 60, "two threads map pages of one table",
         "{} of 64 pages are mapped"},
    Plan{"map-speed", "1.6", "guest", 10, 45, "mapping takes few instructions",
         "mapping took {} instructions; full points are given up to 400"},
};

constexpr std::array exercises = {"cspace::resolve",  "mdb::derive", "mdb::insert",
                                  "finalise::revoke", "walk",        "vspace::map_frame"};

/// @param skill 0 to 100
TestResult sit(const Plan& plan, std::uint64_t skill, bool hole, Dice& dice) {
    TestResult test;
    test.id = plan.id;
    test.title = plan.title;
    test.exercise = plan.exercise;
    test.tier = plan.tier;
    test.points = plan.points;
    test.seeds = std::string_view(plan.id) == "map-race" ? 4 : 1;
    test.seconds = 0.05 * static_cast<double>(1 + dice.roll(40));
    test.anchor = fmt::format("handouts/1-capabilities.md#exercise-1-{}", plan.exercise[2]);
    if (!hole && dice.roll(100) + skill >= static_cast<std::uint64_t>(plan.difficulty) + 40) {
        test.status = TestStatus::passed;
        test.score = plan.points;
        return test;
    }
    test.repro = fmt::format("make grade LAB=1 TEST={} SEED={}", plan.id, 1 + dice.roll(4));
    const auto kind = dice.roll(10);
    if (hole) {
        test.message = fmt::format("exercise {} is a hole", plan.exercise);
    } else if (kind == 0) {
        test.status = TestStatus::crashed;
        test.message =
            fmt::format("the kernel stopped: load from 0x{:x}", 0x1000 + dice.roll(9999));
        test.log = "kernel panic: load page fault\n  at vspace::map_frame\n  at syscall::invoke\n";
    } else if (kind == 1) {
        test.status = TestStatus::timeout;
        test.message = "no end after 2000000000 instructions; time advances: a live lock";
    } else if (test.seeds > 1 && kind < 7) {
        test.status = TestStatus::part;
        test.score = plan.points * 0.75;
        test.failed_seeds = {1 + dice.roll(4)};
        test.message = fmt::format(fmt::runtime(plan.message), dice.roll(64));
    } else {
        test.status = TestStatus::failed;
        test.message = fmt::format(fmt::runtime(plan.message), dice.roll(500));
        test.details = {"expected: what the handout says",
                        fmt::format("got:      {}", dice.roll(9))};
    }
    return test;
}

void sum_up(Result& result) {
    for (const TestResult& test : result.tests) {
        const auto exercise =
            std::ranges::find(result.exercises, test.exercise, &grade::ExerciseResult::id);
        exercise->points += test.points;
        exercise->score += test.score;
        result.score += test.score;
        result.max += test.points;
        result.seconds += test.seconds;
    }
}

Result fake_result(std::size_t number, Dice& dice) {
    Result result = fixture_result();
    result.submission = {fmt::format("student-{:03}", number),
                         fmt::format("student-{:03}.tar.gz", number),
                         std::string(64, 'b'),
                         "feed",
                         dice.roll(30) == 0,
                         dice.roll(8) == 0 ? static_cast<int>(1 + dice.roll(3)) : 0};
    result.tests.clear();
    result.exercises.clear();
    result.warnings.clear();
    result.integration = {};
    result.manual.clear();
    result.score = result.max = 0;
    result.seconds = 8;
    result.message = "graded";
    const auto skill = 40 + dice.roll(61);
    const auto done = dice.roll(5) == 0 ? dice.roll(exercises.size()) : exercises.size();
    for (std::size_t index = 0; index < exercises.size(); ++index) {
        const bool hole = index >= done;
        result.exercises.push_back({fmt::format("1.{}", index + 1), exercises[index],
                                    "kernel/cap/x.cpp",
                                    hole ? ExerciseState::hole : ExerciseState::done, "", 0, 0,
                                    hole ? 0 : static_cast<int>(5 + dice.roll(20))});
    }
    for (const Plan& plan : plans) {
        const bool hole = static_cast<std::size_t>(plan.exercise[2] - '1') >= done;
        result.tests.push_back(sit(plan, skill, hole, dice));
    }
    sum_up(result);
    if (dice.roll(6) == 0) {
        result.warnings.push_back(fmt::format(
            "kernel/boot/boot.cpp:{} was changed and will not be graded", 10 + dice.roll(90)));
    }
    return result;
}

/// Nothing could be run.
void spoil(Result& result, ResultStatus status, const std::string& message) {
    result.status = status;
    result.message = message;
    result.score = 0;
    for (TestResult& test : result.tests) {
        test.status = TestStatus::not_run;
        test.score = 0;
        test.message = message;
    }
    for (grade::ExerciseResult& exercise : result.exercises) {
        exercise.score = 0;
    }
}

} // namespace

std::vector<Result> fake_class(std::size_t size, std::uint64_t seed) {
    Dice dice(seed);
    std::vector<Result> results;
    for (std::size_t number = 1; number <= size; ++number) {
        Result& result = results.emplace_back(fake_result(number, dice));
        switch (dice.roll(40)) {
        case 0:
            spoil(result, ResultStatus::build_error, "the submission is empty");
            break;
        case 1:
            spoil(result, ResultStatus::timeout, "the compiler did not end within 60 seconds");
            break;
        case 2:
            spoil(result, ResultStatus::env_error, "the disk of the grading machine is full");
            break;
        default:
            break;
        }
    }
    return results;
}
