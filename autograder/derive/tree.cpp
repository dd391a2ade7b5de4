// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Cuts the tree, then checks what was cut.
#include "autograder/derive/tree.hpp"

#include "autograder/derive/leaks.hpp"
#include "autograder/source/lexer.hpp"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <ranges>
#include <set>

namespace grade {

namespace {

std::vector<Exercise> exercises_of_lab(const StageText& text, int lab) {
    Problems ignored; // reading the course has shown them
    auto exercises = find_exercises(text, ignored);
    std::erase_if(exercises, [&](const Exercise& each) { return each.id.lab != lab; });
    return exercises;
}

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

void make_starter(const Course& course, int lab, StageText& text) {
    const std::vector<Exercise> exercises = exercises_of_lab(text, lab);
    const bool all_functions = std::ranges::all_of(exercises, [](const Exercise& exercise) {
        return exercise.kind == Exercise::Kind::function;
    });
    if (all_functions) {
        make_holes(text, exercises);
    } else if (const SourceFile* skeleton = course.skeleton(lab, text.path)) {
        text.source_path = skeleton->path;
        text.content = skeleton->content;
        text.source_lines.clear();
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
            if (kind == Kind::starter) {
                make_starter(course, lab, text);
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
    if (kind == Kind::starter) {
        search_solutions(course, lab, tree, problems);
    }
    return tree;
}

} // namespace grade
