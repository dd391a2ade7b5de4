// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The order of the sections, the numbers at the top and the table of students.
#include "autograder/report/class_page.hpp"

#include "autograder/report/chart.hpp"
#include "autograder/report/html.hpp"
#include "autograder/report/student_page.hpp"

#include <algorithm>
#include <fmt/core.h>

namespace grade {

namespace {

std::string tile(const std::string& number, std::string_view what) {
    return fmt::format("<li><b>{}</b>{}</li>\n", number, what);
}

std::string tiles(const ClassData& data, const Statistics& statistics) {
    const std::size_t not_graded = statistics.handed_in - statistics.with_grade;
    std::string out = "<ul class=\"tiles\">\n";
    out += tile(std::to_string(statistics.handed_in),
                data.has_roster ? fmt::format("handed in, of {}", data.entries.size())
                                : std::string("handed in"));
    out += tile(std::to_string(statistics.with_grade), "graded");
    out += tile(std::to_string(not_graded), "not graded");
    out += tile(points_text(statistics.median),
                fmt::format("median, of {}", points_text(statistics.max)));
    out += tile(points_text(statistics.mean), "mean");
    out += tile(std::to_string(statistics.full_marks), "with full marks");
    return out + "</ul>\n";
}

std::string status_table(const ClassData& data) {
    std::vector<std::pair<std::string, std::size_t>> counts;
    for (const ClassEntry& entry : data.entries) {
        const std::string status = status_text(entry);
        const auto found = std::ranges::find(counts, status, &decltype(counts)::value_type::first);
        found == counts.end() ? counts.emplace_back(status, 1).second : ++found->second;
    }
    std::ranges::sort(counts, std::greater{}, &decltype(counts)::value_type::second);
    std::string out = "<h2>Status</h2>\n<table class=\"narrow\">\n<thead><tr>"
                      "<th scope=\"col\">Status</th>"
                      "<th scope=\"col\" class=\"number\">Submissions</th></tr></thead>\n<tbody>\n";
    for (const auto& [status, count] : counts) {
        out += fmt::format("<tr><th scope=\"row\">{}</th><td class=\"number\">{}</td></tr>\n",
                           escape(status), count);
    }
    return out + "</tbody></table>\n";
}

std::string cell(std::string_view kind, const std::string& value, const std::string& content) {
    return fmt::format("<td class=\"{}\" data-value=\"{}\">{}</td>", kind, escape(value), content);
}

std::string student_row(const ClassData& data, const ClassEntry& entry) {
    std::string out = "<tr><th scope=\"row\">" + student_link(entry) + "</th>";
    if (data.has_roster) {
        out += "<td class=\"name\">" + escape(entry.student.name) + "</td><td>" +
               escape(entry.student.group) + "</td>";
    }
    const bool has_grade = entry.result && is_graded(*entry.result);
    const std::string status = status_text(entry);
    if (has_grade) {
        const Points points = total(*entry.result);
        out += cell("number", fmt::format("{:.4f}", points.points), points_text(points.points));
        out += "<td>" + meter(points.max > 0 ? points.points / points.max : 0) + "</td>";
    } else {
        out += cell("number", "-1", "-") + "<td></td>";
    }
    out += fmt::format("<td class=\"{}\">{}</td>", status == "ok" ? "name" : "name bad",
                       escape(status));
    if (!entry.result) {
        return out + "<td></td><td></td><td></td><td></td></tr>\n";
    }
    const Result& result = *entry.result;
    const auto passed = std::ranges::count(result.tests, TestStatus::passed, &TestResult::status);
    out +=
        cell("number", std::to_string(passed), fmt::format("{}/{}", passed, result.tests.size()));
    out += cell("number", std::to_string(result.submission.late_days),
                result.submission.late_days > 0 ? std::to_string(result.submission.late_days) : "");
    out += cell("number", std::to_string(result.warnings.size()),
                result.warnings.empty() ? "" : std::to_string(result.warnings.size()));
    out += cell("number", fmt::format("{:.1f}", result.seconds),
                fmt::format("{:.1f}", result.seconds));
    return out + "</tr>\n";
}

std::string student_table(const ClassData& data) {
    std::string out = "<h2 id=\"students\">Students</h2>\n<div class=\"scroll\"><table "
                      "class=\"sortable\">\n<thead><tr><th scope=\"col\">Id</th>";
    if (data.has_roster) {
        out += "<th scope=\"col\">Name</th><th scope=\"col\">Group</th>";
    }
    out += "<th scope=\"col\" class=\"number\">Points</th><th scope=\"col\">Share</th>"
           "<th scope=\"col\">Status</th><th scope=\"col\" class=\"number\">Tests</th>"
           "<th scope=\"col\" class=\"number\">Late days</th>"
           "<th scope=\"col\" class=\"number\">Warnings</th>"
           "<th scope=\"col\" class=\"number\">Seconds</th></tr></thead>\n<tbody>\n";
    for (const ClassEntry& entry : data.entries) {
        out += student_row(data, entry);
    }
    return out + "</tbody></table></div>\n";
}

} // namespace

std::string student_link(const ClassEntry& entry) {
    return link("students/" + entry.page, entry.student.id);
}

std::string class_page(const ClassData& data, const Statistics& statistics,
                       const Similarity* similarity) {
    HtmlPage page;
    page.title = fmt::format("Lab {}: class", data.lab);
    page.has_tables_to_sort = true;
    page.body = fmt::format("<h1>Lab {}: class report</h1>\n<p class=\"quiet\">For teachers only: "
                            "it names students.</p>\n<main>\n",
                            data.lab);
    page.body += tiles(data, statistics) + score_charts(statistics) + status_table(data) +
                 exercise_section(statistics) + test_section(statistics) +
                 failure_section(data, statistics) + attention_section(data);
    if (similarity != nullptr) {
        page.body += similarity_section(data, *similarity);
    }
    page.body += student_table(data) + "</main>\n";
    return html(page);
}

} // namespace grade
