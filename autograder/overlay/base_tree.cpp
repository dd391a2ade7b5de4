// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Manifests in the order of labs.
#include "autograder/overlay/base_tree.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <utility>

namespace grade {

namespace {

Refusals::Paths paths_of(const SourceTree& tree) {
    Refusals::Paths paths;
    for (const SourceFile& file : tree.files()) {
        paths.insert(file.path);
    }
    return paths;
}

} // namespace

BaseTree::BaseTree(SourceTree tree, int lab, Problems& problems)
    : tree_(std::move(tree)), lab_(lab), refusals_(paths_of(tree_)) {
    for (const SourceFile& file : tree_.files()) {
        const auto of = lab_of_path(file.path);
        if (of && *of <= lab && file.path.ends_with("/manifest.toml") &&
            std::ranges::count(file.path, '/') == 2) {
            manifests_.push_back(read_manifest(file, *of, problems));
        }
    }
    std::ranges::sort(manifests_, {}, &Manifest::lab);
    for (const Manifest& manifest : manifests_) {
        for (const ManifestExercise& exercise : manifest.exercises) {
            const SourceFile* file = tree_.find(exercise.file);
            is_blank_ =
                is_blank_ ||
                (manifest.lab < lab && file != nullptr &&
                 file->content.contains(fmt::format("lab::todo(\"{}\")", exercise.id.text())));
        }
    }
}

const SourceFile* BaseTree::skeleton(const SourceFile& file) const {
    for (const Manifest& manifest : manifests_) {
        for (const ManifestExercise& exercise : manifest.exercises) {
            if ((manifest.lab == lab_ || is_blank_) && exercise.file == file.path &&
                exercise.kind != Exercise::Kind::function) {
                return tree_.find(file.path);
            }
        }
    }
    return nullptr;
}

} // namespace grade
