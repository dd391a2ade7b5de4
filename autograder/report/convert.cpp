// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What the forms have in common: who is refused, and a test as plain text.
#include "autograder/report/convert.hpp"

#include "autograder/results/safe_text.hpp"

#include <fmt/format.h>

namespace grade {

std::expected<std::string, std::string> convert(const Result& result, Format format) {
    const bool is_grade = format != Format::junit && format != Format::csv;
    if (is_grade && !is_graded(result)) {
        return std::unexpected(fmt::format(
            "{} has no grade: {}; grade it again", safe_line(result.submission.id),
            is_fault_of_grader(result) ? safe_line(result.message) : "grading was cut off"));
    }
    switch (format) {
    case Format::gradescope:
        return to_gradescope(result);
    case Format::autolab:
        return to_autolab(result);
    case Format::github:
        return to_github(result);
    case Format::junit:
        return to_junit(result);
    case Format::csv:
        return to_csv(result);
    }
    return std::unexpected("no such format");
}

std::string feedback_text(const TestResult& test) {
    std::string out;
    const auto add = [&out](std::string_view before, std::string_view text) {
        if (!text.empty()) {
            out += (out.empty() ? "" : "\n") + std::string(before) + safe_text(text, 4096);
        }
    };
    add("", test.message);
    for (const std::string& detail : test.details) {
        add("", detail);
    }
    if (!test.failed_seeds.empty()) {
        add("", fmt::format("{} of {} runs failed, with seed {}", test.failed_seeds.size(),
                            test.seeds, fmt::join(test.failed_seeds, ", ")));
    }
    if (test.status != TestStatus::passed) {
        add("read:  ", test.anchor);
        add("again: ", test.repro);
    }
    return out;
}

} // namespace grade
