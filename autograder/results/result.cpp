// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Names of the enumerators, sums, and where results are kept.
#include "autograder/results/result.hpp"

#include "autograder/results/atomic_file.hpp"
#include "autograder/results/safe_text.hpp"

#include <cmath>
#include <fmt/core.h>

namespace grade {

std::string_view text(ResultStatus status) {
    switch (status) {
    case ResultStatus::ok:
        return "ok";
    case ResultStatus::build_error:
        return "build_error";
    case ResultStatus::env_error:
        return "env_error";
    case ResultStatus::timeout:
        return "timeout";
    case ResultStatus::internal:
        return "internal";
    }
    return {};
}

std::string_view text(ExerciseState state) {
    switch (state) {
    case ExerciseState::done:
        return "done";
    case ExerciseState::hole:
        return "hole";
    case ExerciseState::refused:
        return "refused";
    case ExerciseState::missing:
        return "missing";
    case ExerciseState::not_compiled:
        return "not_compiled";
    case ExerciseState::caught_up:
        return "caught_up";
    }
    return {};
}

std::string_view text(TestStatus status) {
    switch (status) {
    case TestStatus::passed:
        return "passed";
    case TestStatus::failed:
        return "failed";
    case TestStatus::part:
        return "part";
    case TestStatus::crashed:
        return "crashed";
    case TestStatus::timeout:
        return "timeout";
    case TestStatus::not_run:
        return "not_run";
    }
    return {};
}

Points total(const Result& result) {
    Points sum{result.score - result.late_penalty, result.max};
    for (const ManualMark& mark : result.manual) {
        sum.points += mark.points;
        sum.max += mark.max;
    }
    return sum;
}

bool is_fault_of_grader(const Result& result) {
    return result.status == ResultStatus::env_error || result.status == ResultStatus::internal;
}

bool is_graded(const Result& result) { return result.complete && !is_fault_of_grader(result); }

std::string points_text(double points) {
    if (!std::isfinite(points)) {
        return "?";
    }
    std::string digits = fmt::format("{:.2f}", points);
    digits.erase(digits.find_last_not_of('0') + 1);
    if (digits.ends_with('.')) {
        digits.pop_back();
    }
    return digits == "-0" ? "0" : digits;
}

std::expected<Result, std::string> read_result(const std::filesystem::path& path) {
    const auto content = read_file(path);
    if (!content) {
        return std::unexpected(content.error());
    }
    auto result = parse_result(*content);
    if (!result) {
        return std::unexpected(path.string() + ": " + result.error());
    }
    return result;
}

std::filesystem::path result_path(const std::filesystem::path& folder, std::string_view id) {
    return folder / (file_name_of(id) + ".json");
}

void write_result(const Result& result, const std::filesystem::path& path) {
    write_file(path, to_json(result));
}

} // namespace grade
