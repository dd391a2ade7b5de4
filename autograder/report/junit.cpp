// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// JUnit XML as continuous integration shows it. A suite whose submission was not graded has one
/// more case, "grading", which is an error.
#include "autograder/report/convert.hpp"
#include "autograder/report/html.hpp"
#include "autograder/results/safe_text.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <optional>

namespace grade {

namespace {

std::string_view element_of(TestStatus status) {
    switch (status) {
    case TestStatus::passed:
        return {};
    case TestStatus::failed:
    case TestStatus::part:
        return "failure";
    case TestStatus::crashed:
    case TestStatus::timeout:
        return "error";
    case TestStatus::not_run:
        return "skipped";
    }
    return {};
}

std::string case_of(const TestResult& test, int lab) {
    std::string out =
        fmt::format("    <testcase classname=\"lab{}.{}\" name=\"{}\" time=\"{:.3f}\"", lab,
                    escape(safe_line(test.exercise)),
                    escape(safe_line(test.id + ": " + test.title)), test.seconds);
    const std::string_view element = element_of(test.status);
    if (element.empty()) {
        return out + "/>\n";
    }
    out += fmt::format(">\n      <{} message=\"{}\"", element, escape(safe_line(test.message)));
    if (element == "skipped") {
        out += "/>\n";
    } else {
        out += fmt::format(" type=\"{}\">{}</{}>\n", text(test.status), escape(feedback_text(test)),
                           element);
    }
    if (!test.log.empty()) {
        out += fmt::format("      <system-out>{}</system-out>\n", escape(safe_text(test.log)));
    }
    return out + "    </testcase>\n";
}

/// What stands in for a grade that there is not; nothing if there is one.
std::optional<std::string> why_no_grade(const Result& result) {
    if (is_fault_of_grader(result) || result.status == ResultStatus::build_error) {
        return safe_line(result.message);
    }
    return result.complete ? std::nullopt : std::optional<std::string>("grading was cut off");
}

} // namespace

std::string to_junit(const Result& result) {
    const auto count = [&](std::string_view element) {
        return std::ranges::count_if(result.tests, [&](const TestResult& test) {
            return element_of(test.status) == element;
        });
    };
    const auto missing = why_no_grade(result);
    const int more = missing ? 1 : 0;
    std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n";
    out += fmt::format("  <testsuite name=\"lab{} {}\" tests=\"{}\" failures=\"{}\" errors=\"{}\" "
                       "skipped=\"{}\" time=\"{:.3f}\">\n    <properties>\n",
                       result.lab, escape(safe_line(result.submission.id)),
                       result.tests.size() + static_cast<std::size_t>(more), count("failure"),
                       count("error") + more, count("skipped"), result.seconds);
    const auto add = [&out](std::string_view name, const std::string& value) {
        out += fmt::format("      <property name=\"{}\" value=\"{}\"/>\n", name, escape(value));
    };
    add("status", std::string(text(result.status)));
    if (is_graded(result)) {
        add("score", points_text(result.score));
        add("max", points_text(result.max));
    }
    out += "    </properties>\n";
    if (missing) {
        out += fmt::format("    <testcase classname=\"lab{}\" name=\"grading\" time=\"0.000\">\n"
                           "      <error message=\"{}\" type=\"{}\"/>\n    </testcase>\n",
                           result.lab, escape(*missing), text(result.status));
    }
    for (const TestResult& test : result.tests) {
        out += case_of(test, result.lab);
    }
    return out + "  </testsuite>\n</testsuites>\n";
}

} // namespace grade
