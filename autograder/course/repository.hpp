// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The repositories that a course gives out: bare, a branch lab1, lab2, ... for each lab, each of
/// which begins at the one before.
///
///     lab1   o-------------o          the second: what changed in lab 1
///             \             \
///     lab2     o-------------o----o   a merge, and then what changed in lab 2 alone
///
/// Always holds: commits are only appended, so whoever has cloned one can pull; nothing changed,
/// nothing appended; the same trees on the same branches give the same ids. A run that is
/// interrupted leaves each repository as it was, and of two runs at once one waits.
/// Read next: branches.hpp.
#pragma once

#include "autograder/source/git.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace grade {

/// What one run wants of a repository.
struct Edition {
    std::string kind;           ///< "starter" or "solution": neither ever takes the other's trees
    std::vector<Snapshot> labs; ///< of lab 1, lab 2, ...
    std::vector<std::string> titles; ///< of the labs
    std::string date;                ///< as git takes it, "1700000000 +0000"
    std::string message;             ///< a sentence about what changed; empty: the changed files
};

struct Appended {
    int lab;
    std::string commit;
    std::string message;
};

/// Makes the repository if there is none.
/// @throws EnvironmentError if the folder is something else, or cannot be written
std::vector<Appended> append(const std::filesystem::path& repository, const Edition& edition);

} // namespace grade
