// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Catching up: who could not do an exercise takes the reference's body of it, from a bundle that
/// the instructor releases, and so can do the next labs. The tree remembers it in .catch-up.toml,
/// and the exercise then counts at most what the manifest says.
/// Always holds: a bundle that was read is as it was written.
/// Read next: next_lab.hpp.
#pragma once

#include "autograder/source/catch_up_record.hpp"
#include "autograder/source/git.hpp"

#include <map>
#include <string>
#include <vector>

namespace grade {

struct Bundle {
    int lab = 0;
    std::map<ExerciseId, std::string> bodies;

    /// Of the lab and all bodies.
    [[nodiscard]] std::string digest() const;
    /// TOML.
    [[nodiscard]] std::string text() const;
    /// @throws EnvironmentError if it is damaged or no bundle
    [[nodiscard]] static Bundle parse(const SourceFile& file);
};

/// An exercise that was caught up, and from which bundle.
using CaughtUp = std::map<ExerciseId, std::string>;

/// What a tree remembers. @throws EnvironmentError if it cannot be read
[[nodiscard]] CaughtUp read_caught_up(const std::vector<SourceFile>& files);
[[nodiscard]] std::string text(const CaughtUp& caught_up);

/// "1.3 1.7"; commas are fine too. @throws EnvironmentError if a word is no exercise's number
[[nodiscard]] std::vector<ExerciseId> read_ids(const std::string& words);

/// Fills in the bodies and notes it in the tree's .catch-up.toml.
/// @throws EnvironmentError if the bundle or the tree lacks one
void catch_up(Snapshot& tree, const Bundle& bundle, const std::vector<ExerciseId>& wanted);

} // namespace grade
