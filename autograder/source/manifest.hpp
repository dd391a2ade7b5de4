// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// labs/N-name/manifest.toml: what a lab asks for and what it is worth.
///
///     title = "Capabilities"
///     hours = [6, 14]              # least and most
///
///     [run]
///     catch_up = 50                # per cent that a caught-up exercise counts at most; usual: 50
///
///     [[exercise]]
///     id = "1.2"
///     function = "mdb::insert"     # or type = "..."; neither if the whole file is the exercise
///     file = "kernel/cap/mdb.cpp"
///     points = 15
///     difficulty = 2               # 1 to 5
///     reference_lines = 12         # of code in the reference's body
///     catch_up = 25                # the same for this exercise
///
/// Always holds: a manifest that was compared names exactly the exercises of its lab.
/// Read next: exercise.hpp.
#pragma once

#include "autograder/source/exercise.hpp"

#include <optional>
#include <string>
#include <vector>

namespace grade {

struct ManifestExercise {
    ExerciseId id{};
    Exercise::Kind kind{};
    std::string name;
    std::string file;
    int points = 0;
    int difficulty = 0;
    int reference_lines = 0;
    int catch_up = 0; ///< per cent of its points at most, if caught up
    int line = 0;     ///< in the manifest
};

struct Manifest {
    std::string path;
    int lab = 0;
    std::string title;
    int catch_up = 50; ///< of exercises that do not say themselves
    std::vector<ManifestExercise> exercises;
};

/// The lab of a path below labs/N-name/, else nothing.
[[nodiscard]] std::optional<int> lab_of_path(std::string_view path);

/// A stand-in exists in one stage only, at the path PATH of labs/n-name/only/PATH: what a later
/// stage does by code that is an exercise there, or not yet there, must be done somehow before.
[[nodiscard]] std::optional<std::string_view> path_of_stand_in(std::string_view path);

[[nodiscard]] Manifest read_manifest(const SourceFile& file, int lab, Problems& problems);

/// Manifest and marks must name the same exercises and agree on them.
void compare(const Manifest& manifest, const std::vector<Exercise>& exercises, Problems& problems);

} // namespace grade
