// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Sections: score, exercises, tests by exercise, marks by hand and questions, how it was graded.
#include "autograder/report/student_page.hpp"

#include "autograder/report/chart.hpp"
#include "autograder/report/html.hpp"
#include "autograder/results/safe_text.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace grade {

namespace {

struct Shown {
    std::string_view word;
    std::string_view colour;
    std::string_view frame;
};

Shown shown(TestStatus status) {
    switch (status) {
    case TestStatus::passed:
        return {"passed", "good", "passed"};
    case TestStatus::part:
        return {"passed in part", "half", "part"};
    case TestStatus::failed:
        return {"failed", "bad", "failed"};
    case TestStatus::crashed:
        return {"crashed", "bad", "failed"};
    case TestStatus::timeout:
        return {"did not end", "bad", "failed"};
    case TestStatus::not_run:
        return {"not run", "quiet", "skipped"};
    }
    return {};
}

std::string share_text(double points, double max) {
    return points_text(points) + " / " + points_text(max);
}

std::string handout_link(const std::string& anchor, const std::string& handouts) {
    return handouts.empty() ? "<code>" + escape(anchor) + "</code>"
                            : link(handouts + "/" + anchor, anchor);
}

std::string seeds_of(const TestResult& test) {
    if (test.failed_seeds.empty()) {
        return {};
    }
    return fmt::format("<p>{} of {} runs failed, with seed {}.</p>\n", test.failed_seeds.size(),
                       test.seeds, fmt::join(test.failed_seeds, ", "));
}

std::string details_of(const TestResult& test) {
    std::string lines;
    for (const std::string& detail : test.details) {
        lines += escape(detail) + "\n";
    }
    std::string out;
    if (!lines.empty()) {
        out +=
            "<details open><summary>Expected and got</summary><pre>" + lines + "</pre></details>\n";
    }
    if (!test.log.empty()) {
        out += "<details><summary>Log</summary><pre>" + escape(test.log) + "</pre></details>\n";
    }
    return out;
}

std::string test_block(const TestResult& test, const std::string& handouts) {
    const Shown as = shown(test.status);
    std::string out = fmt::format(
        "<div class=\"test {}\">\n<div class=\"head\"><b class=\"{}\">{}</b> <span>{}</span> "
        "<code>{}</code> <span class=\"quiet\">{}</span></div>\n<p>{}</p>\n",
        as.frame, as.colour, as.word, share_text(test.score, test.points), escape(test.id),
        escape(test.tier), escape(test.title));
    if (!test.message.empty()) {
        out += "<p><b>" + escape(test.message) + "</b></p>\n";
    }
    out += seeds_of(test) + details_of(test);
    if (test.status != TestStatus::passed && !test.anchor.empty()) {
        out += "<p>Read " + handout_link(test.anchor, handouts) + "</p>\n";
    }
    if (test.status != TestStatus::passed && !test.repro.empty()) {
        out += "<p>See it again: <code>" + escape(test.repro) + "</code></p>\n";
    }
    return out + "</div>\n";
}

std::string exercise_table(const Result& result) {
    std::string out =
        "<h2>Exercises</h2>\n<div class=\"scroll\"><table>\n<thead><tr>"
        "<th scope=\"col\">Exercise</th><th scope=\"col\">What</th>"
        "<th scope=\"col\" class=\"number\">Points</th><th scope=\"col\" class=\"wide\">Share</th>"
        "<th scope=\"col\">Your code</th></tr></thead>\n<tbody>\n";
    const auto row = [&out](std::string_view id, std::string_view name, double score, double points,
                            const std::string& remark) {
        out +=
            fmt::format("<tr><th scope=\"row\">{}</th><td><code>{}</code></td>"
                        "<td class=\"number\">{}</td><td class=\"wide\">{}</td><td>{}</td></tr>\n",
                        escape(id), escape(name), share_text(score, points),
                        meter(points > 0 ? score / points : 0), remark);
    };
    for (const ExerciseResult& exercise : result.exercises) {
        std::string remark(state_text(exercise.state));
        if (!exercise.message.empty()) {
            remark += "<pre>" + escape(exercise.message) + "</pre>";
        }
        row(exercise.id, exercise.name, exercise.score, exercise.points, remark);
    }
    if (result.integration.points > 0) {
        std::string remark = escape(result.integration.message);
        for (const std::string& id : result.integration.broke) {
            remark += " Exercise " + escape(id) + " of an earlier lab does not work.";
        }
        row("-", "your whole system, all labs", result.integration.score, result.integration.points,
            remark);
    }
    return out + "</tbody></table></div>\n";
}

std::string tests_of(const Result& result, const std::string& handouts) {
    std::string out = "<h2>Tests</h2>\n";
    std::vector<std::string> done;
    for (const TestResult& first : result.tests) {
        if (std::ranges::find(done, first.exercise) != done.end()) {
            continue;
        }
        done.push_back(first.exercise);
        const auto exercise =
            std::ranges::find(result.exercises, first.exercise, &ExerciseResult::id);
        out += fmt::format("<h3>{} {}</h3>\n", escape(first.exercise),
                           exercise == result.exercises.end()
                               ? ""
                               : "<code>" + escape(exercise->name) + "</code>");
        for (const TestResult& test : result.tests) {
            if (test.exercise == first.exercise) {
                out += test_block(test, handouts);
            }
        }
    }
    return result.tests.empty() ? "" : out;
}

std::string by_hand(const Result& result) {
    std::string out;
    for (const ManualMark& mark : result.manual) {
        out += fmt::format("<li>{}: {} points</li>\n", escape(mark.what),
                           share_text(mark.points, mark.max));
    }
    for (const QuestionResult& question : result.questions) {
        out += fmt::format("<li>Question {}: {}</li>\n", escape(question.id),
                           question.answered ? "answered" : "<b class=\"bad\">not answered</b>");
    }
    return out.empty() ? out
                       : "<h2>Questions and marks given by hand</h2>\n<ul>\n" + out + "</ul>\n";
}

std::string how_it_was_graded(const Result& result) {
    std::string out = "<h2>How it was graded</h2>\n<ul>\n";
    for (const std::string& warning : result.warnings) {
        out += "<li><b class=\"half\">Warning:</b> " + escape(warning) + "</li>\n";
    }
    if (result.submission.stale) {
        out += "<li><b class=\"half\">Warning:</b> it began from an old starter</li>\n";
    }
    const auto add = [&out](std::string_view what, const std::string& value) {
        if (!value.empty()) {
            out += fmt::format("<li>{}: <code>{}</code></li>\n", what, escape(value));
        }
    };
    add("What was graded", result.submission.source);
    add("Its SHA-256", result.submission.digest);
    add("Course", result.course);
    add("Compiler", result.toolchain);
    add("Target", result.target);
    add("Sandbox", result.sandbox);
    add("Seed", std::to_string(result.seed));
    add("Begun", result.started);
    return out + "</ul>\n";
}

std::string score_of(const ClassEntry& entry) {
    // NOLINTNEXTLINE(bugprone-unchecked-optional-access): only entries with a result come here
    const Result& result = *entry.result;
    const Points points = total(result);
    std::string out;
    if (is_graded(result)) {
        out += fmt::format("<p class=\"score\">{} <span class=\"quiet\">of {} points</span></p>\n",
                           points_text(points.points), points_text(points.max));
    }
    if (result.status != ResultStatus::ok || !result.complete) {
        out += fmt::format("<p><b class=\"bad\">{}</b></p>\n", escape(status_text(entry)));
    }
    if (!result.message.empty()) {
        out += "<p>" + escape(result.message) + "</p>\n";
    }
    if (result.submission.late_days > 0) {
        out += fmt::format("<p>Handed in {} {} late.</p>\n", result.submission.late_days,
                           result.submission.late_days == 1 ? "day" : "days");
    }
    return out;
}

} // namespace

std::string_view state_text(ExerciseState state) {
    switch (state) {
    case ExerciseState::done:
        return "done";
    case ExerciseState::hole:
        return "still a hole";
    case ExerciseState::refused:
        return "refused";
    case ExerciseState::missing:
        return "not found";
    case ExerciseState::not_compiled:
        return "does not compile";
    case ExerciseState::caught_up:
        return "caught up: its body was given"; // the message says what it counts
    }
    return {};
}

std::string status_text(const ClassEntry& entry) {
    if (!entry.result) {
        return "nothing handed in";
    }
    switch (entry.result->status) {
    case ResultStatus::build_error:
        return "does not build";
    case ResultStatus::env_error:
        return "not graded: the grading machine";
    case ResultStatus::timeout:
        return "did not end";
    case ResultStatus::internal:
        return "not graded: fault of the grader";
    case ResultStatus::ok:
        return entry.result->complete ? "ok" : "grading was cut off";
    }
    return {};
}

std::string student_page(const ClassEntry& entry, int lab, const std::string& handouts) {
    HtmlPage page;
    page.title = fmt::format("Lab {}: {}", lab, entry.student.id);
    page.body = fmt::format("<h1>Lab {}</h1>\n<p class=\"quiet\">{}{}{}</p>\n<main>\n", lab,
                            escape(entry.student.name), entry.student.name.empty() ? "" : ", ",
                            escape(entry.student.id));
    if (entry.result) {
        const Result& result = *entry.result;
        page.body += score_of(entry) + exercise_table(result) + tests_of(result, handouts) +
                     by_hand(result) + how_it_was_graded(result);
    } else {
        page.body += "<p>Nothing was handed in.</p>\n";
    }
    page.body += "</main>\n";
    return html(page);
}

} // namespace grade
