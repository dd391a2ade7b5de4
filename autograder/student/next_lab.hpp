// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A student goes on to the next lab, or takes a newer starter of the same one.
/// In a git checkout the result is one commit, whose parents are the student's and the starter's,
/// so that later pulls find where they meet; before it the tag before-labN names where she was. In
/// a mere folder the result is a new folder beside it.
/// Always holds: nothing of the student's is lost or overwritten; a run that fails or is
/// interrupted leaves the tree as it was.
/// Read next: carry.hpp, starter.hpp, catch_up.hpp.
#pragma once

#include "autograder/student/carry.hpp"
#include "autograder/student/catch_up.hpp"

#include <filesystem>
#include <string>

namespace grade {

struct NextLabWish {
    std::filesystem::path root = "."; ///< the student's tree
    std::string from = {};      ///< of the starter; empty: where the repository was cloned from
    std::string base = {};      ///< a folder: the old starter, if it cannot be found otherwise
    bool update = false;        ///< the same lab's newest starter, not the next lab's
    std::string bundle = {};    ///< file to catch up with
    std::string exercises = {}; ///< which; empty: those that are holes
    std::string out = {};       ///< for a folder: where to write
};

struct NextLabResult {
    int lab = 0;
    bool is_new = true; ///< false: the starter was in the tree already
    Carried carried;
    std::vector<ExerciseId> caught_up;
    std::string place;    ///< a branch or a folder
    std::string way_back; ///< a command
};

/// @throws EnvironmentError with what the student must do first
[[nodiscard]] NextLabResult next_lab(const NextLabWish& wish);

} // namespace grade
