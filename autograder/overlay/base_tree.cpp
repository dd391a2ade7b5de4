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

bool has_hole(const SourceTree& tree, const Manifest& manifest) {
    return std::ranges::any_of(manifest.exercises, [&](const ManifestExercise& exercise) {
        const SourceFile* const file = tree.find(exercise.file);
        return file != nullptr &&
               file->content.contains(fmt::format("lab::todo(\"{}\")", exercise.id.text()));
    });
}

/// Does a file hold an exercise that is a type, or the whole file?
bool is_or_holds_other(const std::string& path, const Manifest& manifest) {
    return std::ranges::any_of(manifest.exercises, [&](const ManifestExercise& exercise) {
        return exercise.file == path && exercise.kind != Exercise::Kind::function;
    });
}

} // namespace

BaseTree::BaseTree(SourceTree tree, int lab, Problems& problems)
    : tree_(std::move(tree)), lab_(lab), refusals_(paths_of(tree_)) {
    for (const SourceFile& file : tree_.files()) {
        const auto of = lab_of_path(file.path);
        if (of && file.path.ends_with("/manifest.toml") &&
            std::ranges::count(file.path, '/') == 2) {
            (*of <= lab ? manifests_ : later_).push_back(read_manifest(file, *of, problems));
            newest_ = std::max(newest_, *of);
        }
    }
    for (auto* const manifests : {&manifests_, &later_}) {
        std::ranges::sort(*manifests, {}, &Manifest::lab);
        is_solution_ =
            is_solution_ && std::ranges::none_of(*manifests, [&](const Manifest& manifest) {
                return manifest.lab == newest_ && has_hole(tree_, manifest);
            });
        is_blank_ = is_blank_ || std::ranges::any_of(*manifests, [&](const Manifest& manifest) {
                        return manifest.lab < newest_ && has_hole(tree_, manifest);
                    });
    }
}

const SourceFile* BaseTree::skeleton(const SourceFile& file) const {
    for (const auto* const manifests : {&manifests_, &later_}) {
        for (const Manifest& manifest : *manifests) {
            if (is_hole(manifest) && is_or_holds_other(file.path, manifest)) {
                return tree_.find(file.path);
            }
        }
    }
    return nullptr;
}

} // namespace grade
