// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// GitHub Classroom: the reporter adds up `score` of all tests and shows it beside `max_score`;
/// it shows `message` of those whose status is not "pass".
#include "autograder/report/convert.hpp"
#include "autograder/results/safe_text.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

namespace grade {

namespace {

using Json = nlohmann::ordered_json;

std::string_view status_of(TestStatus status) {
    switch (status) {
    case TestStatus::passed:
        return "pass";
    case TestStatus::failed:
    case TestStatus::part:
    case TestStatus::not_run:
        return "fail";
    case TestStatus::crashed:
    case TestStatus::timeout:
        return "error";
    }
    return {};
}

} // namespace

std::string to_github(const Result& result) {
    const auto rounded = [](double points) { return std::round(points * 1e4) / 1e4; };
    const bool all_passed = std::ranges::all_of(
        result.tests, [](const TestResult& test) { return test.status == TestStatus::passed; });
    Json json = {{"version", 1},
                 {"status", all_passed && !result.tests.empty() ? "pass" : "fail"},
                 {"max_score", rounded(result.max)},
                 {"tests", Json::array()}};
    for (const TestResult& test : result.tests) {
        json["tests"].push_back({{"name", safe_line(test.id + ": " + test.title)},
                                 {"status", status_of(test.status)},
                                 {"score", rounded(test.score)},
                                 {"max_score", rounded(test.points)},
                                 {"message", feedback_text(test)},
                                 {"test_code", safe_line(test.repro)},
                                 {"duration", rounded(test.seconds)}});
    }
    const IntegrationResult& integration = result.integration;
    if (integration.points > 0) {
        json["tests"].push_back(
            {{"name", "your whole system, all labs"},
             {"status", integration.score >= integration.points ? "pass" : "fail"},
             {"score", rounded(integration.score)},
             {"max_score", rounded(integration.points)},
             {"message", safe_text(integration.message, 4096)}});
    }
    return json.dump(1) + "\n";
}

} // namespace grade
