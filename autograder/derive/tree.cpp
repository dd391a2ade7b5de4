// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Cuts the tree, then checks what was cut.
#include "autograder/derive/tree.hpp"

#include "autograder/derive/leaks.hpp"
#include "autograder/source/lexer.hpp"

#include <algorithm>
#include <filesystem>
#include <fmt/core.h>
#include <ranges>
#include <set>

namespace grade {

namespace {

/// Whether a file has code, or text if it is of another kind, other than includes.
bool has_content(const StageText& text) {
    if (!is_code(text.language())) {
        return !std::ranges::all_of(split_lines(text.content),
                                    [](std::string_view line) { return trim(line).empty(); });
    }
    return std::ranges::any_of(lex(text.content), [](const Token& token) {
        return token.kind != Token::Kind::comment && token.kind != Token::Kind::directive;
    });
}

void take_skeleton(const SourceFile& skeleton, StageText& text) {
    text.source_path = skeleton.path;
    text.content = skeleton.content;
    text.source_lines.clear();
}

/// A later stage may have more in the file than its skeleton, so only the type's body is taken.
void blank_type(const Course& course, const Exercise& type, StageText& text) {
    const SourceFile* skeleton = course.skeleton(type.id.lab, text.path);
    if (skeleton == nullptr) {
        return; // reading the course has shown it
    }
    const StageText other{text.path, skeleton->path, skeleton->content, {}};
    Problems ignored;
    for (const Exercise& each : find_exercises(other, ignored)) {
        if (each.id == type.id) {
            text.content.replace(type.open, type.end - type.open, each.body(other));
            text.source_lines.clear();
        }
    }
}

/// Takes away the exercises of labs `first` to `last`.
void make_starter(const Course& course, int first, int last, StageText& text) {
    Problems ignored; // reading the course has shown them
    auto exercises = find_exercises(text, ignored);
    std::erase_if(exercises,
                  [&](const Exercise& each) { return each.id.lab < first || each.id.lab > last; });
    std::vector<Exercise> functions;
    for (const Exercise& exercise : exercises) {
        const SourceFile* skeleton = course.skeleton(exercise.id.lab, text.path);
        const bool is_new = exercise.id.lab == last || exercise.kind == Exercise::Kind::file;
        if (exercise.kind != Exercise::Kind::function && is_new && skeleton != nullptr) {
            take_skeleton(*skeleton, text);
            return; // which has no other lab's exercises
        }
        if (exercise.kind == Exercise::Kind::function) {
            functions.push_back(exercise);
        }
    }
    make_holes(text, functions);
    for (const Exercise& exercise : find_exercises(text, ignored) | std::views::reverse) {
        if (exercise.kind == Exercise::Kind::type && exercise.id.lab >= first) {
            blank_type(course, exercise, text);
        }
    }
}

void check_content(const StagedFile& file, const StageText& text, Stage stage, Problems& problems) {
    const bool was_cut = text.content.size() < file.source().content.size();
    if (text.content.empty() || (was_cut && !has_content(text))) {
        problems.add(text.path, 1,
                     fmt::format("is empty in {}: give the file the stage in which it begins",
                                 stage.text()));
    }
}

void check_includes(const Course& course, const StageText& text,
                    const std::set<std::string, std::less<>>& paths, Problems& problems) {
    if (!is_code(text.language())) {
        return;
    }
    if (course.settings().is_from_elsewhere(text.path)) {
        return;
    }
    const auto folder = std::filesystem::path(text.path).parent_path();
    for (const Token& token : lex(text.content)) {
        const auto included = token.kind == Token::Kind::directive ? included_path(token.text) : "";
        if (included.empty() || course.settings().is_from_elsewhere(included) ||
            paths.contains(included) ||
            paths.contains((folder / included).lexically_normal().generic_string())) {
            continue;
        }
        text.report(problems, token.line,
                    fmt::format("includes \"{}\", which is not in this stage's tree: put the "
                                "include between brackets, or name it in [includes] of {}{}",
                                included, Settings::path,
                                course.tree().find(included) != nullptr
                                    ? ""
                                    : " if it comes from elsewhere, or `git add` it"));
    }
}

} // namespace

std::vector<StageText> derive_tree(const Course& course, int lab, Kind kind, Problems& problems) {
    const Stage stage(lab);
    std::vector<StageText> tree;
    std::set<std::string, std::less<>> paths;
    for (const StagedFile& file : course.files()) {
        if (file.stage() <= stage) {
            StageText text = file.select(stage);
            check_content(file, text, stage, problems);
            // Marks and regions must be right in every stage in which they can be seen.
            static_cast<void>(find_exercises(text, problems));
            if (kind != Kind::solution) {
                make_starter(course, kind == Kind::blank ? 1 : lab, lab, text);
            }
            paths.insert(text.path);
            tree.push_back(std::move(text));
        }
    }
    for (const SourceFile& file : course.tree().files()) {
        const auto path = path_of_stand_in(file.path);
        if (path && lab_of_path(file.path) == lab) {
            paths.insert(std::string(*path));
            tree.push_back({std::string(*path), file.path, file.content, {}, false});
        }
    }
    const LeakSearch leaks(course);
    for (const StageText& text : tree) {
        check_includes(course, text, paths, problems);
        leaks.search(text, stage, problems);
    }
    if (kind != Kind::solution) {
        for (int of = kind == Kind::blank ? 1 : lab; of <= lab; ++of) {
            search_solutions(course, of, tree, problems);
        }
    }
    return tree;
}

} // namespace grade
