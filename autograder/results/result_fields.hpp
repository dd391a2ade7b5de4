// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The keys of a result's JSON, each struct's in one list: `fields(visit, value)` calls
/// `visit(key, member)` for each. A visitor writes them or reads them.
/// Always holds: every member of the structs is in its list.
/// Read next: result_json.cpp.
#pragma once

#include "autograder/results/result.hpp"

#include <concepts>
#include <type_traits>

namespace grade {

/// `T` may be const: the same list serves writing and reading.
template <class T, class Struct>
concept Either = std::same_as<std::remove_const_t<T>, Struct>;

template <Either<SubmissionInfo> T>
void fields(auto& visit, T& info) {
    visit("id", info.id);
    visit("source", info.source);
    visit("digest", info.digest);
    visit("starter", info.starter);
    visit("stale", info.stale);
    visit("late_days", info.late_days);
    visit("late_percent", info.late_percent);
}

template <Either<ExerciseResult> T>
void fields(auto& visit, T& exercise) {
    visit("id", exercise.id);
    visit("name", exercise.name);
    visit("file", exercise.file);
    visit("state", exercise.state);
    visit("message", exercise.message);
    visit("points", exercise.points);
    visit("score", exercise.score);
    visit("lines", exercise.lines);
    visit("cap", exercise.cap);
}

template <Either<TestResult> T>
void fields(auto& visit, T& test) {
    visit("id", test.id);
    visit("title", test.title);
    visit("exercise", test.exercise);
    visit("tier", test.tier);
    visit("points", test.points);
    visit("score", test.score);
    visit("status", test.status);
    visit("message", test.message);
    visit("details", test.details);
    visit("seeds", test.seeds);
    visit("failed_seeds", test.failed_seeds);
    visit("value", test.value);
    visit("seconds", test.seconds);
    visit("repro", test.repro);
    visit("anchor", test.anchor);
    visit("log", test.log);
}

template <Either<IntegrationResult> T>
void fields(auto& visit, T& integration) {
    visit("points", integration.points);
    visit("score", integration.score);
    visit("broke", integration.broke);
    visit("message", integration.message);
}

template <Either<QuestionResult> T>
void fields(auto& visit, T& question) {
    visit("id", question.id);
    visit("answered", question.answered);
}

template <Either<ManualMark> T>
void fields(auto& visit, T& mark) {
    visit("what", mark.what);
    visit("points", mark.points);
    visit("max", mark.max);
}

template <Either<Result> T>
void fields(auto& visit, T& result) {
    visit("lab", result.lab);
    visit("course", result.course);
    visit("target", result.target);
    visit("submission", result.submission);
    visit("toolchain", result.toolchain);
    visit("emulator", result.emulator);
    visit("sandbox", result.sandbox);
    visit("seed", result.seed);
    visit("status", result.status);
    visit("message", result.message);
    visit("complete", result.complete);
    visit("started", result.started);
    visit("seconds", result.seconds);
    visit("score", result.score);
    visit("max", result.max);
    visit("late_penalty", result.late_penalty);
    visit("exercises", result.exercises);
    visit("tests", result.tests);
    visit("integration", result.integration);
    visit("questions", result.questions);
    visit("manual", result.manual);
    visit("warnings", result.warnings);
}

} // namespace grade
