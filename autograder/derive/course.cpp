// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What holds for a source tree whatever stage is derived from it.
#include "autograder/derive/course.hpp"

#include <algorithm>
#include <fmt/core.h>

namespace grade {

namespace {

/// The same exercise as another stage has it.
std::optional<std::string> body_in(const StagedFile& file, Stage stage, ExerciseId id) {
    Problems ignored; // the last stage has shown them
    const StageText text = file.select(stage);
    const auto exercises = find_exercises(text, ignored);
    const auto found = std::ranges::find(exercises, id, &Exercise::id);
    return found == exercises.end() ? std::nullopt : std::optional(found->body(text));
}

} // namespace

Course::Course(const SourceTree& tree, Problems& problems)
    : tree_(tree), settings_(Settings::read(tree, problems)) {
    for (const SourceFile& file : tree.files()) {
        const auto of_folder = settings_.stage_of(file.path);
        const auto named =
            of_folder == Stage::staff() ? std::nullopt : stage_in_head(file, problems);
        const auto stage = named ? named : of_folder;
        if (!stage) {
            problems.add(file.path, 1,
                         fmt::format("names no stage: write one into its head, in a comment, as "
                                     "@stage{{1}}, or give its folder one in {}",
                                     Settings::path));
        }
        files_.emplace_back(file, stage.value_or(Stage::staff()), problems);
    }
    for (const StagedFile& file : files_) {
        if (file.stage().is_lab()) {
            read_exercises(file, problems);
        }
        const auto lab = lab_of_path(file.source().path);
        if (lab && file.source().path.ends_with("/manifest.toml")) {
            manifests_.push_back(read_manifest(file.source(), *lab, problems));
        }
    }
    check_numbering(problems);
    for (const Manifest& manifest : manifests_) {
        compare(manifest, exercises_, problems);
    }
    check_skeletons(problems);
}

void Course::read_exercises(const StagedFile& file, Problems& problems) {
    for (const Exercise& exercise : find_exercises(file.select(Stage(Stage::labs)), problems)) {
        check_exercise(file, exercise, problems);
        exercises_.push_back(exercise);
    }
}

void Course::check_exercise(const StagedFile& file, const Exercise& exercise,
                            Problems& problems) const {
    const auto report = [&](std::string text) {
        problems.add(exercise.path, exercise.line,
                     fmt::format("exercise {}: {}", exercise.id.text(), text));
    };
    const Stage first = file.stage_of(exercise.line);
    if (first != Stage(exercise.id.lab)) {
        report(fmt::format("first exists in {0}, not in lab {1}: give its file the right stage or "
                           "put it between @cond LAB{1} and @endcond",
                           first.text(), exercise.id.lab));
        return;
    }
    const auto last_body = body_in(file, Stage(Stage::labs), exercise.id);
    for (int lab = exercise.id.lab; lab < Stage::labs; ++lab) {
        if (body_in(file, Stage(lab), exercise.id) != last_body) {
            report(fmt::format("is not the same in lab {} and in lab {}: put what is added into a "
                               "function of its own",
                               lab, Stage::labs));
            return;
        }
    }
    if (exercise.kind != Exercise::Kind::function &&
        skeleton(exercise.id.lab, exercise.path) == nullptr) {
        report(fmt::format("is no function, so its starter must be written: "
                           "labs/{}-.../starter/{}",
                           exercise.id.lab, exercise.path));
    }
}

void Course::check_numbering(Problems& problems) const {
    for (const Exercise& exercise : exercises_) {
        if (std::ranges::count(exercises_, exercise.id, &Exercise::id) > 1) {
            problems.add(exercise.path, exercise.line,
                         fmt::format("exercise {} is marked twice", exercise.id.text()));
        }
    }
}

/// A skeleton is a whole file, so it must hold every exercise of that file, and no other lab may
/// have one there.
void Course::check_skeletons(Problems& problems) const {
    for (const SourceFile& file : tree_.files()) {
        const auto lab = lab_of_path(file.path);
        const std::string folder = "/starter/";
        const std::size_t at = file.path.find(folder);
        if (!lab || at == std::string::npos) {
            continue;
        }
        const std::string path = file.path.substr(at + folder.size());
        bool is_wanted = false;
        for (const Exercise& exercise : exercises_) {
            if (exercise.path != path) {
                continue;
            }
            const std::string mark = fmt::format(" @lab{{{}}} ", exercise.id.text());
            is_wanted = is_wanted || exercise.kind != Exercise::Kind::function;
            if (exercise.id.lab != *lab || !file.content.contains(mark)) {
                problems.add(file.path, 1,
                             fmt::format("lacks exercise {}, which {} has: mark it here too, or "
                                         "move it to another file if it is of another lab",
                                         exercise.id.text(), path));
            }
        }
        if (!is_wanted) {
            problems.add(file.path, 1,
                         "is a skeleton, but no exercise is that file or a type in it");
        }
    }
}

const SourceFile* Course::skeleton(int lab, std::string_view path) const {
    const std::string end = fmt::format("/starter/{}", path);
    const auto found = std::ranges::find_if(tree_.files(), [&](const SourceFile& file) {
        return lab_of_path(file.path) == lab && file.path.ends_with(end);
    });
    return found == tree_.files().end() ? nullptr : &*found;
}

} // namespace grade
