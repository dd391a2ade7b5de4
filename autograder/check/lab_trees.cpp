// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Deriving, and mixing what was derived.
#include "autograder/check/lab_trees.hpp"

#include <algorithm>

namespace grade {

LabTrees::LabTrees(const Course& course, int stage, int tests_of, Problems& problems)
    : solution_(derive_tree(course, stage, Kind::solution, problems)),
      starter_(derive_tree(course, tests_of, Kind::starter, problems)) {
    const auto manifest = std::ranges::find(course.manifests(), tests_of, &Manifest::lab);
    if (manifest == course.manifests().end()) {
        problems.add("labs/", 1, "lab " + std::to_string(tests_of) + " has no manifest");
        return;
    }
    manifest_ = *manifest;
    plan_ = read_test_plan(course.tree(), manifest_, problems);
}

std::set<ExerciseId> LabTrees::exercises() const {
    std::set<ExerciseId> all;
    for (const ManifestExercise& exercise : manifest_.exercises) {
        all.insert(exercise.id);
    }
    return all;
}

std::vector<SourceFile> LabTrees::tree_with(const std::set<ExerciseId>& done) const {
    std::vector<SourceFile> files;
    Problems ignored; // deriving has shown them
    for (const StageText& text : solution_) {
        StageText mixed = text;
        if (std::ranges::find(manifest_.exercises, text.path, &ManifestExercise::file) !=
            manifest_.exercises.end()) {
            std::vector<Exercise> holes = find_exercises(text, ignored);
            std::erase_if(holes, [&](const Exercise& exercise) {
                return exercise.id.lab != manifest_.lab || done.contains(exercise.id);
            });
            const bool are_functions = std::ranges::all_of(holes, [](const Exercise& exercise) {
                return exercise.kind == Exercise::Kind::function;
            });
            if (are_functions) {
                make_holes(mixed, holes);
            } else {
                mixed = *std::ranges::find(starter_, text.path, &StageText::path);
            }
        }
        files.push_back({mixed.path, mixed.content, mixed.is_executable});
    }
    return files;
}

std::vector<SourceFile> with_file(std::vector<SourceFile> files, SourceFile changed) {
    *std::ranges::find(files, changed.path, &SourceFile::path) = std::move(changed);
    return files;
}

} // namespace grade
