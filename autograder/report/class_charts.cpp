// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The sections of the class page that are numbers: scores, time, exercises, tests.
#include "autograder/report/chart.hpp"
#include "autograder/report/class_page.hpp"
#include "autograder/report/html.hpp"
#include "autograder/report/student_page.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/core.h>
#include <numeric>

namespace grade {

namespace {

std::string score_histogram(const Statistics& statistics) {
    std::vector<ChartColumn> columns;
    columns.reserve(statistics.scores.size());
    for (std::size_t bin = 0; bin < statistics.scores.size(); ++bin) {
        columns.push_back({fmt::format("{}+", bin * 10), statistics.scores[bin]});
    }
    return histogram(columns, "score, per cent of the points",
                     fmt::format("Distribution of {} scores", statistics.with_grade));
}

/// At most eight columns of a round number of seconds.
std::string time_histogram(const std::vector<double>& seconds) {
    constexpr double most_columns = 8;
    const double longest = seconds.empty() ? 0 : seconds.back();
    double step = 1;
    for (const double factor : {2.0, 2.5, 2.0}) {
        step = longest > step * most_columns ? step * factor : step;
    }
    while (longest > step * most_columns) {
        step *= 2;
    }
    std::vector<ChartColumn> columns(static_cast<std::size_t>(longest / step) + 1);
    for (std::size_t column = 0; column < columns.size(); ++column) {
        columns[column].label = points_text(static_cast<double>(column) * step) + "+";
    }
    for (const double value : seconds) {
        columns[static_cast<std::size_t>(std::max(value, 0.0) / step)].count += 1;
    }
    return histogram(columns, "seconds of grading",
                     fmt::format("Time of {} submissions", seconds.size()));
}

std::string states_of(const ExerciseStatistics& exercise) {
    std::string out;
    for (const auto& [state, count] : exercise.states) {
        if (state != ExerciseState::done) {
            out += fmt::format("{}{} {}", out.empty() ? "" : ", ", count, state_text(state));
        }
    }
    return out;
}

std::string hardest(const Statistics& statistics) {
    std::vector<const TestStatistics*> tests;
    tests.reserve(statistics.tests.size());
    for (const TestStatistics& test : statistics.tests) {
        tests.push_back(&test);
    }
    std::ranges::sort(tests, [](const TestStatistics* one, const TestStatistics* other) {
        return std::pair(one->rate(), one->id) < std::pair(other->rate(), other->id);
    });
    std::string out;
    constexpr std::size_t shown = 5;
    for (std::size_t index = 0; index < std::min(shown, tests.size()); ++index) {
        if (tests[index]->passed < tests[index]->taken) {
            out += fmt::format("<li><code>{}</code> ({}): {}</li>\n", escape(tests[index]->id),
                               percent(tests[index]->rate()), escape(tests[index]->title));
        }
    }
    return out.empty() ? out : "<h3>Hardest</h3>\n<ol>\n" + out + "</ol>\n";
}

} // namespace

std::string score_charts(const Statistics& statistics) {
    const double longest = statistics.seconds.empty() ? 0 : statistics.seconds.back();
    return "<h2>Scores and time</h2>\n<div class=\"columns\">\n<div>" +
           score_histogram(statistics) + "</div>\n<div>" + time_histogram(statistics.seconds) +
           fmt::format("</div>\n</div>\n<p class=\"quiet\">The longest took {:.1f} s, all together "
                       "{:.1f} minutes.</p>\n",
                       longest,
                       std::accumulate(statistics.seconds.begin(), statistics.seconds.end(), 0.0) /
                           60);
}

std::string exercise_section(const Statistics& statistics) {
    std::string out =
        "<h2>Exercises</h2>\n<div class=\"scroll\"><table class=\"sortable\">\n<thead><tr>"
        "<th scope=\"col\">Exercise</th><th scope=\"col\">What</th>"
        "<th scope=\"col\" class=\"number\">Points</th><th scope=\"col\">Share of the points</th>"
        "<th scope=\"col\" class=\"number\">Full marks</th><th scope=\"col\">Not done</th>"
        "</tr></thead>\n<tbody>\n";
    for (const ExerciseStatistics& exercise : statistics.exercises) {
        out += fmt::format(
            "<tr><th scope=\"row\">{}</th><td class=\"name\"><code>{}</code></td>"
            "<td class=\"number\">{}</td><td class=\"name\" data-value=\"{:.4f}\">{} {}</td>"
            "<td class=\"number\" data-value=\"{}\">{} of {}</td><td>{}</td></tr>\n",
            escape(exercise.id), escape(exercise.name), points_text(exercise.points),
            exercise.share, meter(exercise.share), percent(exercise.share), exercise.full,
            exercise.full, exercise.taken, states_of(exercise));
    }
    return statistics.exercises.empty() ? "" : out + "</tbody></table></div>\n";
}

std::string test_section(const Statistics& statistics) {
    std::string out =
        "<h2>Tests</h2>\n<div class=\"scroll\"><table class=\"sortable\">\n<thead><tr>"
        "<th scope=\"col\">Test</th><th scope=\"col\">Exercise</th><th scope=\"col\">Tier</th>"
        "<th scope=\"col\" class=\"number\">Points</th><th scope=\"col\">Passed</th>"
        "<th scope=\"col\">What it shows</th></tr></thead>\n<tbody>\n";
    for (const TestStatistics& test : statistics.tests) {
        out += fmt::format("<tr><th scope=\"row\"><code>{}</code></th><td>{}</td><td>{}</td>"
                           "<td class=\"number\">{}</td>"
                           "<td class=\"name\" data-value=\"{:.4f}\">{} {} ({} of {})</td>"
                           "<td class=\"text\">{}</td></tr>\n",
                           escape(test.id), escape(test.exercise), escape(test.tier),
                           points_text(test.points), test.rate(), meter(test.rate()),
                           percent(test.rate()), test.passed, test.taken, escape(test.title));
    }
    return statistics.tests.empty() ? "" : out + "</tbody></table></div>\n" + hardest(statistics);
}

} // namespace grade
