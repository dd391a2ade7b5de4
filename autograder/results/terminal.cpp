// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Colours are added last, around text whose width is known by then.
#include "autograder/results/terminal.hpp"

#include "autograder/results/safe_text.hpp"
#include "autograder/source/language.hpp"

#include <algorithm>
#include <cstdlib>
#include <fmt/core.h>
#include <string_view>
#include <unistd.h>

namespace grade {

namespace {

enum class Colour { red = 31, green = 32, yellow = 33, grey = 90 };

std::string painted(std::string_view text, Colour colour, const TerminalStyle& style) {
    return style.colour ? fmt::format("\x1b[{}m{}\x1b[0m", static_cast<int>(colour), text)
                        : std::string(text);
}

struct Word {
    std::string_view text; ///< five columns at most
    Colour colour;
};

Word word_of(TestStatus status) {
    switch (status) {
    case TestStatus::passed:
        return {"pass", Colour::green};
    case TestStatus::part:
        return {"part", Colour::yellow};
    case TestStatus::failed:
        return {"fail", Colour::red};
    case TestStatus::crashed:
        return {"crash", Colour::red};
    case TestStatus::timeout:
        return {"limit", Colour::red};
    case TestStatus::not_run:
        return {"skip", Colour::grey};
    }
    return {};
}

std::string_view remark_on(ExerciseState state) {
    switch (state) {
    case ExerciseState::done:
        return "";
    case ExerciseState::hole:
        return "still a hole";
    case ExerciseState::refused:
        return "refused";
    case ExerciseState::missing:
        return "not found";
    case ExerciseState::not_compiled:
        return "does not compile";
    case ExerciseState::caught_up:
        return "caught up";
    }
    return {};
}

std::string padded(std::string text, std::size_t width) {
    text.append(width - std::min(width, columns(text)), ' ');
    return text;
}

std::string cut(std::string_view text, std::size_t width) {
    if (columns(text) <= width) {
        return std::string(text);
    }
    return std::string(first_columns(text, width - std::min<std::size_t>(width, 3))) + "...";
}

/// At the last space that leaves a line of at most `width` columns, or, in a word that is longer,
/// anywhere.
std::string_view first_line_of(std::string_view text, std::size_t width) {
    const std::string_view fitting = first_columns(text, width);
    if (fitting.size() == text.size()) {
        return text;
    }
    const std::size_t space = text.substr(0, fitting.size() + 1).rfind(' ');
    return space == std::string_view::npos || space == 0 ? fitting : text.substr(0, space);
}

/// Every line begins with as many spaces as `indent` says; lines that do not fit are wrapped.
std::string block(std::string_view text, std::size_t indent, const TerminalStyle& style) {
    const std::size_t width = style.width > indent + 20 ? style.width - indent : 20;
    std::string out;
    for (std::string_view line : split_lines(text)) {
        do {
            const std::string_view first = first_line_of(line, width);
            out += std::string(indent, ' ') + std::string(first) + "\n";
            line.remove_prefix(first.size());
            line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
        } while (!line.empty());
    }
    return out;
}

constexpr std::size_t indent_of_failure = 8;

std::string score_text(double score, double points) {
    return points_text(score) + "/" + points_text(points);
}

std::string change_text(const Change& change) {
    return fmt::format("{} {} -> {}", safe_line(change.test), points_text(change.before),
                       points_text(change.now));
}

std::string headline(const Result& result, const Comparison& comparison) {
    std::string line = fmt::format("Lab {}: {} of {} points", result.lab, points_text(result.score),
                                   points_text(result.max));
    if (!is_whole(result)) {
        return line + " (not all tests were run)";
    }
    std::string more;
    if (comparison.last && *comparison.last != result.score) {
        const double change = result.score - *comparison.last;
        more = fmt::format("{}{} since the last run", change > 0 ? "+" : "", points_text(change));
    }
    if (comparison.best) {
        const bool is_best = result.score > *comparison.best;
        more += fmt::format("{}{}", more.empty() ? "" : "; ",
                            is_best ? "the best so far"
                                    : "best so far " + points_text(*comparison.best));
    }
    return more.empty() ? line : line + " (" + more + ")";
}

std::string exercise_lines(const Result& result, const TerminalStyle& style) {
    std::string out;
    for (const ExerciseResult& exercise : result.exercises) {
        const std::string name = safe_line(exercise.id) + "  " + safe_line(exercise.name);
        const std::string_view remark = remark_on(exercise.state);
        std::string line = "  " + padded(cut(name, 46), 46) + "  ";
        line += padded(score_text(exercise.score, exercise.points), remark.empty() ? 0 : 11);
        line += remark.empty() ? "" : "  " + std::string(remark);
        const Colour colour = exercise.score >= exercise.points ? Colour::green
                              : exercise.score <= 0             ? Colour::red
                                                                : Colour::yellow;
        out += painted(cut(line, style.width), colour, style) + "\n";
        if (!exercise.message.empty()) {
            out += block(safe_text(exercise.message, 2000), indent_of_failure, style);
        }
    }
    if (result.integration.points > 0) {
        out += fmt::format("  {}  {}\n", padded("     your whole system, all labs", 46),
                           score_text(result.integration.score, result.integration.points));
        out += block(safe_text(result.integration.message, 2000), indent_of_failure, style);
    }
    return out;
}

std::string changes_text(const Comparison& comparison, const TerminalStyle& style) {
    std::string out;
    for (const Change& change : comparison.better) {
        out += painted("  better  ", Colour::green, style) + change_text(change) + "\n";
    }
    for (const Change& change : comparison.worse) {
        out += painted("  worse   ", Colour::red, style) + change_text(change) + "\n";
    }
    return out.empty() ? out : "\nSince the last run:\n" + out;
}

std::string warnings_text(const Result& result, const TerminalStyle& style) {
    std::string out =
        result.warnings.empty() ? "" : "\n" + painted("Warnings:", Colour::yellow, style) + "\n";
    for (const std::string& warning : result.warnings) {
        out += block(safe_line(warning), 2, style);
    }
    return out;
}

} // namespace

TerminalStyle terminal_style(int descriptor) {
    // Nobody changes the environment. NOLINTBEGIN(concurrency-mt-unsafe)
    const char* const no_colour = std::getenv("NO_COLOR");
    const char* const terminal = std::getenv("TERM");
    // NOLINTEND(concurrency-mt-unsafe)
    const bool dumb = terminal == nullptr || std::string_view(terminal) == "dumb";
    const bool wanted = no_colour == nullptr || *no_colour == '\0';
    return {wanted && !dumb && isatty(descriptor) == 1, 100};
}

std::string live_line(const TestResult& test, const TerminalStyle& style) {
    const Word word = word_of(test.status);
    const bool says_why = test.status == TestStatus::not_run && !test.message.empty();
    const std::string rest = fmt::format(
        "  {}  {}  {}", padded(score_text(test.score, test.points), 7),
        padded(safe_line(test.id), 22), safe_line(says_why ? test.message : test.title));
    return "  " + painted(padded(std::string(word.text), 5), word.colour, style) +
           cut(rest, style.width - 7) + "\n";
}

std::string failure_text(const TestResult& test, const TerminalStyle& style) {
    if (test.status == TestStatus::passed || test.status == TestStatus::not_run) {
        return {};
    }
    std::string out = block(safe_text(test.message, 2000), indent_of_failure, style);
    for (const std::string& detail : test.details) {
        out += block(safe_text(detail, 2000), indent_of_failure, style);
    }
    if (!test.failed_seeds.empty()) {
        std::string seeds;
        for (const std::uint64_t seed : test.failed_seeds) {
            seeds += fmt::format("{}{}", seeds.empty() ? "" : ", ", seed);
        }
        out += block(fmt::format("{} of {} runs failed, with seed {}", test.failed_seeds.size(),
                                 test.seeds, seeds),
                     indent_of_failure, style);
    }
    if (!test.anchor.empty()) {
        out += fmt::format("{:8}{}  {}\n", "", painted("read ", Colour::grey, style),
                           safe_line(test.anchor));
    }
    if (!test.repro.empty()) {
        out += fmt::format("{:8}{}  {}\n", "", painted("again", Colour::grey, style),
                           safe_line(test.repro));
    }
    return out;
}

std::string summary_text(const Result& result, const Comparison& comparison,
                         const TerminalStyle& style) {
    if (is_fault_of_grader(result)) {
        return fmt::format("Lab {}: not graded\n", result.lab) +
               block(safe_text(result.message, 2000), 2, style);
    }
    std::string out = headline(result, comparison) + "\n";
    if (result.status != ResultStatus::ok) {
        out += block(safe_text(result.message, 2000), 2, style);
    }
    out += "\n" + exercise_lines(result, style) + changes_text(comparison, style);
    return out + warnings_text(result, style);
}

std::string summary_of_some(const Result& result, std::span<const std::string> tests,
                            const TerminalStyle& style) {
    std::string out;
    for (const ExerciseResult& exercise : result.exercises) {
        if (exercise.state == ExerciseState::not_compiled ||
            exercise.state == ExerciseState::refused) {
            out += painted(fmt::format("  {}  {}: {}", safe_line(exercise.id),
                                       safe_line(exercise.name), remark_on(exercise.state)),
                           Colour::red, style) +
                   "\n" + block(safe_text(exercise.message, 2000), indent_of_failure, style);
        }
    }
    out += warnings_text(result, style);
    const auto passed = std::ranges::count_if(result.tests, [&](const TestResult& test) {
        return test.status == TestStatus::passed &&
               std::ranges::find(tests, test.id) != tests.end();
    });
    return fmt::format("{}{}{} of {} tests passed. All of lab {}: make grade LAB={}\n", out,
                       out.empty() ? "" : "\n", passed, tests.size(), result.lab, result.lab);
}

std::string result_text(const Result& result, const Comparison& comparison,
                        const TerminalStyle& style) {
    std::string out;
    for (const TestResult& test : result.tests) {
        out += live_line(test, style) + failure_text(test, style);
    }
    return out + "\n" + summary_text(result, comparison, style);
}

} // namespace grade
