// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A result as a table, for spreadsheets and scripts.
#include "autograder/report/convert.hpp"
#include "autograder/report/csv.hpp"

#include <fmt/core.h>

namespace grade {

std::string to_csv(const Result& result) {
    std::string out = csv_line({"submission", "lab", "result", "exercise", "test", "tier", "status",
                                "score", "points", "seconds", "message"});
    const std::string status(result.complete ? text(result.status) : "incomplete");
    for (const TestResult& test : result.tests) {
        out +=
            csv_line({result.submission.id, std::to_string(result.lab), status, test.exercise,
                      test.id, test.tier, std::string(text(test.status)), points_text(test.score),
                      points_text(test.points), fmt::format("{:.3f}", test.seconds), test.message});
    }
    return out;
}

} // namespace grade
