// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Gradescope, "Autograder specifications": score, execution_time (whole seconds), output,
/// visibility, stdout_visibility, extra_data; for each test score, max_score, status, name,
/// number, output, visibility, extra_data.
#include "autograder/report/convert.hpp"
#include "autograder/results/safe_text.hpp"

#include <cmath>
#include <nlohmann/json.hpp>

namespace grade {

namespace {

using Json = nlohmann::ordered_json;

double rounded(double points) { return std::round(points * 1e4) / 1e4; }

Json entry(double score, double max, const std::string& name, const std::string& output) {
    return {{"score", rounded(score)},
            {"max_score", rounded(max)},
            {"status", score >= max ? "passed" : "failed"},
            {"name", name},
            {"output", output},
            {"visibility", "visible"}};
}

Json entry(const TestResult& test) {
    Json json =
        entry(test.score, test.points, safe_line(test.id + ": " + test.title), feedback_text(test));
    json["number"] = safe_line(test.exercise);
    json["status"] = test.status == TestStatus::passed ? "passed" : "failed";
    json["extra_data"] = {{"tier", safe_line(test.tier)},
                          {"status", text(test.status)},
                          {"seeds", test.seeds},
                          {"failed_seeds", test.failed_seeds},
                          {"seconds", rounded(test.seconds)}};
    return json;
}

std::string output_of(const Result& result) {
    std::string out = safe_text(result.message);
    for (const std::string& warning : result.warnings) {
        out += (out.empty() ? "warning: " : "\nwarning: ") + safe_line(warning);
    }
    return out;
}

} // namespace

std::string to_gradescope(const Result& result) {
    Json json = {{"score", rounded(total(result).points)},
                 {"execution_time", static_cast<int>(std::ceil(result.seconds))},
                 {"output", output_of(result)},
                 {"visibility", "visible"},
                 {"stdout_visibility", "hidden"},
                 {"extra_data",
                  {{"lab", result.lab},
                   {"course", safe_line(result.course)},
                   {"digest", safe_line(result.submission.digest)},
                   {"late_days", result.submission.late_days},
                   {"seed", result.seed},
                   {"toolchain", safe_line(result.toolchain)},
                   {"emulator", safe_line(result.emulator)}}},
                 {"tests", Json::array()}};
    for (const TestResult& test : result.tests) {
        json["tests"].push_back(entry(test));
    }
    if (result.integration.points > 0) {
        json["tests"].push_back(entry(result.integration.score, result.integration.points,
                                      "your whole system, all labs",
                                      safe_text(result.integration.message, 4096)));
    }
    for (const ManualMark& mark : result.manual) {
        json["tests"].push_back(
            entry(mark.points, mark.max, "by hand: " + safe_line(mark.what), ""));
    }
    return json.dump(1) + "\n";
}

} // namespace grade
