// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The index of the source tree by names, and the search for what a tree should not have.
#include "autograder/derive/leaks.hpp"

#include "autograder/derive/words.hpp"

#include <fmt/core.h>

namespace grade {

namespace {

/// Skeletons and stand-ins lie among the staff's files but are text of their lab.
std::optional<int> lab_of_skeleton(std::string_view path) {
    const bool is_text_of_lab = path.contains("/starter/") || path_of_stand_in(path);
    return is_text_of_lab ? lab_of_path(path) : std::nullopt;
}

} // namespace

LeakSearch::LeakSearch(const Course& course) : course_(course) {
    for (const StagedFile& file : course.files()) {
        const SourceFile& source = file.source();
        const auto lab = lab_of_skeleton(source.path);
        const auto first = [&](int line) {
            return First{lab ? Stage(*lab) : file.stage_of(line), source.path, line};
        };
        if (!source.path.ends_with(".toml")) { // which describes code, and has none
            for (const Name& name : names_in_code(source.language(), source.content)) {
                note(names_, name.text, first(name.line));
            }
        }
        for (const Name& goal : goals_defined(source.path, source.content)) {
            note(goals_, goal.text, first(goal.line));
        }
        for (const std::string& way : ways_to_name(source.path)) {
            note(paths_, way, {file.stage(), source.path, 1});
        }
        if (const auto path = path_of_stand_in(source.path); path && lab) {
            for (const std::string& way : ways_to_name(std::string(*path))) {
                note(paths_, way, {Stage(*lab), source.path, 1});
            }
        }
    }
}

void LeakSearch::note(Index& index, std::string_view name, First first) {
    const auto [at, is_new] = index.try_emplace(std::string(name), first);
    if (!is_new && first.stage < at->second.stage) {
        at->second = std::move(first);
    }
}

void LeakSearch::search(const StageText& text, Stage stage, Problems& problems) const {
    if (text.language() == Language::data) {
        return;
    }
    for (const Name& name : names_in_prose(text.language(), text.content)) {
        report(names_, name.text, name.line, text, stage, problems);
    }
    for (const Name& goal : goals_mentioned(text.content)) {
        report(goals_, goal.text, goal.line, text, stage, problems);
    }
    for (const Name& path : paths_mentioned(text.content)) {
        const bool is_folder = path.text.ends_with('/');
        const std::string_view without =
            path.text.substr(0, path.text.size() - (is_folder ? 1 : 0));
        report(paths_, without.contains('/') ? without : path.text, path.line, text, stage,
               problems);
    }
}

void LeakSearch::report(const Index& index, std::string_view name, int line, const StageText& text,
                        Stage stage, Problems& problems) const {
    const auto found = index.find(name);
    if (found == index.end() || found->second.stage <= stage ||
        course_.settings().allows(name, text.source_path)) {
        return;
    }
    const First& first = found->second;
    text.report(problems, line,
                fmt::format("leak into lab {}: `{}` first exists in {} ({}:{}); say it otherwise, "
                            "put it between brackets, or allow it in {}",
                            stage.lab(), name, first.stage.text(), first.path, first.line,
                            Settings::path));
}

} // namespace grade
