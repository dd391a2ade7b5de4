// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// From a source tree to the two repositories of a course: starter.git, which students clone, and
/// solutions.git, which they must not see.
/// Always holds: no text of a solution is in any object of starter.git; neither is written if the
/// source breaks a rule.
/// Read next: repository.hpp.
#pragma once

#include "autograder/course/repository.hpp"
#include "autograder/derive/course.hpp"

namespace grade {

struct Editions {
    Edition starter;
    Edition solution;
};

/// The trees of all labs that have a manifest.
[[nodiscard]] Editions make_editions(const Course& course, Problems& problems);

/// When the source was last committed, as git takes it; of a folder that is no checkout a fixed
/// day, so that its commits are the same every time.
[[nodiscard]] std::string date_of(const std::filesystem::path& root);

/// Whether the source holds what was not committed.
[[nodiscard]] bool has_changes(const std::filesystem::path& root);

} // namespace grade
