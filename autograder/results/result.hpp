// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What grading found out about one submission: the same data in memory and as JSON, one file a
/// submission (results/<id>.json). The members have the names of the JSON's keys.
/// Always holds: what is written is valid UTF-8 without control characters, of bounded size,
/// whatever a submission printed; a file is written whole or not at all.
/// Read next: result_json.cpp, then terminal.hpp.
#pragma once

#include <cstdint>
#include <expected>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace grade {

/// Of the JSON; another number is another meaning of some key. New keys need no new number.
inline constexpr int result_schema = 1;

/// How grading ended. Only `ok`, `build_error` and `timeout` say something about the submission.
enum class ResultStatus { ok, build_error, env_error, timeout, internal };

/// What was found where a student was to write.
enum class ExerciseState { done, hole, refused, missing, not_compiled, caught_up };

/// How a test ended; `part`: it passed with some seeds only.
enum class TestStatus { passed, failed, part, crashed, timeout, not_run };

[[nodiscard]] std::string_view text(ResultStatus status);
[[nodiscard]] std::string_view text(ExerciseState state);
[[nodiscard]] std::string_view text(TestStatus status);

struct SubmissionInfo {
    std::string id;
    std::string source;  ///< where it came from: an archive, a folder, a repository
    std::string digest;  ///< SHA-256 of what was graded
    std::string starter; ///< digest of the starter that it began with
    bool stale = false;  ///< that starter is not this course's
    int late_days = 0;
    int late_percent = 0; ///< of its score, taken off for that
};

struct ExerciseResult {
    std::string id;   ///< "3.1"
    std::string name; ///< of the function or type; of a file its path
    std::string file;
    ExerciseState state = ExerciseState::hole;
    std::string message;
    double points = 0; ///< at most
    double score = 0;
    int lines = 0; ///< of code in the student's body
    int cap = 100; ///< per cent that it can score: less if its body was given
};

struct TestResult {
    std::string id;
    std::string title;
    std::string exercise; ///< whose points it gives
    std::string tier;     ///< host, kernel or guest
    double points = 0;    ///< at most
    double score = 0;
    TestStatus status = TestStatus::not_run;
    std::string message;              ///< what is wrong, in one line
    std::vector<std::string> details; ///< expected, got and the like, a line each
    int seeds = 1;
    std::vector<std::uint64_t> failed_seeds;
    std::uint64_t value = 0; ///< what it measured or computed
    double seconds = 0;
    std::string repro;  ///< the command that shows it again
    std::string anchor; ///< file and heading of the handout
    std::string log;
};

/// The student's own system, all labs together.
struct IntegrationResult {
    double points = 0;
    double score = 0;
    std::vector<std::string> broke; ///< exercises of earlier labs
    std::string message;
};

struct QuestionResult {
    std::string id;
    bool answered = false;
};

/// Given by a person; `score` does not hold it.
struct ManualMark {
    std::string what;
    double points = 0;
    double max = 0;
};

struct Result {
    int lab = 0;
    std::string course; ///< digest
    std::string target = "qemu";
    SubmissionInfo submission;
    std::string toolchain;
    std::string emulator;
    std::string sandbox;
    std::uint64_t seed = 0;
    ResultStatus status = ResultStatus::internal;
    std::string message;   ///< one sentence
    bool complete = false; ///< nothing more will be run
    std::string started;   ///< ISO 8601, UTC
    double seconds = 0;
    double score = 0; ///< of the tests and the integration
    double max = 0;
    double late_penalty = 0; ///< points taken off for lateness; `score` is before that
    std::vector<ExerciseResult> exercises;
    std::vector<TestResult> tests;
    IntegrationResult integration;
    std::vector<QuestionResult> questions;
    std::vector<ManualMark> manual;
    std::vector<std::string> warnings;
};

struct Points {
    double points;
    double max;
};

/// With the marks that a person gave, less what lateness costs.
[[nodiscard]] Points total(const Result& result);

/// What went wrong on the grader's side is never a score of 0.
[[nodiscard]] bool is_fault_of_grader(const Result& result);

/// Its score may be handed on: grading came to its end, and by no fault of the grader's.
[[nodiscard]] bool is_graded(const Result& result);

/// "3", "2.5", "0.33": at most two decimals.
[[nodiscard]] std::string points_text(double points);

[[nodiscard]] std::string to_json(const Result& result);

/// Keys that it does not know are passed over; keys that are missing have their default.
/// @return or what is wrong, with the place: "tests[3].points: a number was expected"
[[nodiscard]] std::expected<Result, std::string> parse_result(std::string_view json);

/// As parse_result; the error begins with the path.
[[nodiscard]] std::expected<Result, std::string> read_result(const std::filesystem::path& path);

/// FOLDER/<id>.json; an id that is no plain file name gets one that no other id has.
[[nodiscard]] std::filesystem::path result_path(const std::filesystem::path& folder,
                                                std::string_view id);

/// Whole or not at all. @throws EnvironmentError with the path and what mends it
void write_result(const Result& result, const std::filesystem::path& path);

} // namespace grade
