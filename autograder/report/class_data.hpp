// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A class: its results of one lab, and its roster if there is one.
/// Always holds: entries are sorted by id; each has a page name of its own, also on a file system
/// that takes "A" for "a"; no id has two entries.
/// Read next: statistics.hpp.
#pragma once

#include "autograder/class/roster.hpp"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace grade {

struct ClassEntry {
    RosterStudent student;
    std::optional<Result> result; ///< none: nothing was handed in
    std::string page;             ///< file name of the student's page
};

struct ClassData {
    int lab = 0;
    std::vector<ClassEntry> entries;
    bool has_roster = false;
    std::vector<std::string> problems; ///< files that could not be read, ids that are not expected
};

/// Of two results with one id the one that started last is taken, and the other is a problem.
/// Results of other labs than `lab` are passed over.
[[nodiscard]] ClassData make_class(int lab, std::vector<Result> results,
                                   std::span<const RosterStudent> roster);

struct ResultFolder {
    std::vector<Result> results;
    std::vector<std::string> problems; ///< one a file that is no result
};

/// FOLDER/*.json. @throws EnvironmentError if there is no such folder
[[nodiscard]] ResultFolder read_results(const std::filesystem::path& folder);

} // namespace grade
