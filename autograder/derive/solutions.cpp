// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The search for solution text in a starter: lines are compared without white space and comment
/// signs, so a solution that was commented out or indented anew is found too.
#include "autograder/derive/leaks.hpp"

#include <algorithm>
#include <deque>
#include <fmt/core.h>
#include <set>

namespace grade {

namespace {

constexpr std::size_t lines_in_a_row = 3;
constexpr std::size_t least_length = 12;

/// Every program has short lines and the frames of switches.
bool counts(std::string_view normal) {
    return normal.size() >= least_length && !normal.starts_with("switch(") &&
           !(normal.starts_with("case") && (normal.ends_with(':') || normal.ends_with('{')));
}

std::string normal_form(std::string_view line) {
    line = trim(line);
    line.remove_prefix(std::min(line.find_first_not_of("/*#! \t"), line.size()));
    std::string result(line);
    std::erase_if(result, [](char letter) { return letter == ' ' || letter == '\t'; });
    return result;
}

/// Calls visit(text, number of the last line) for each run of long lines.
template <class Visit>
void each_run(std::string_view text, const Visit& visit) {
    std::deque<std::string> run;
    int number = 0;
    for (const std::string_view line : split_lines(text)) {
        ++number;
        std::string normal = normal_form(line);
        if (!counts(normal)) {
            continue;
        }
        run.push_back(std::move(normal));
        if (run.size() > lines_in_a_row) {
            run.pop_front();
        }
        if (run.size() == lines_in_a_row) {
            visit(fmt::format("{}\n{}\n{}", run[0], run[1], run[2]), number);
        }
    }
}

} // namespace

void search_solutions(const Course& course, int lab, std::span<const StageText> starter,
                      Problems& problems) {
    std::map<std::string, const Exercise*> solutions;
    for (const StagedFile& file : course.files()) {
        for (const Exercise& exercise : course.exercises()) {
            if (exercise.id.lab == lab && exercise.path == file.source().path) {
                each_run(exercise.body(file.select(Stage(Stage::labs))),
                         [&](const std::string& run, int) { solutions.emplace(run, &exercise); });
            }
        }
    }
    std::set<std::pair<std::string, ExerciseId>> found_before; // one report for a file is enough
    for (const StageText& text : starter) {
        each_run(text.content, [&](const std::string& run, int line) {
            const auto found = solutions.find(run);
            if (found == solutions.end()) {
                return;
            }
            // A skeleton repeats what the exercise and its starter have in common.
            const Exercise& exercise = *found->second;
            const bool is_own_skeleton =
                text.path == exercise.path && text.path != text.source_path;
            if (!is_own_skeleton && found_before.emplace(text.path, exercise.id).second &&
                !course.settings().allows(exercise.id.text(), text.source_path)) {
                text.report(problems, line,
                            fmt::format("leak into the starter of lab {}: three lines that end "
                                        "here are of the solution of exercise {}",
                                        lab, exercise.id.text()));
            }
        });
    }
}

} // namespace grade
