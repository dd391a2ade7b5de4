// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A class: its results of one lab, and its roster if there is one.
/// Always holds: entries are sorted by id; each has a page name of its own, also on a file system
/// that takes "A" for "a"; no id has two entries.
/// Read next: statistics.hpp.
#pragma once

#include "autograder/results/result.hpp"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace grade {

/// A line of the roster.
struct RosterStudent {
    std::string id;
    std::string name;
    std::string group;
    std::vector<ManualMark> marks; ///< given by hand; they replace those of a result
};

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

/// Columns "id", "name" and "group" in any order; a column "mark: WHAT / MAX" holds marks given by
/// hand, empty where there is none yet. Other columns are passed over.
/// @return or what is wrong, with its line
[[nodiscard]] std::expected<std::vector<RosterStudent>, std::string>
parse_roster(std::string_view csv);

struct ResultFolder {
    std::vector<Result> results;
    std::vector<std::string> problems; ///< one a file that is no result
};

/// FOLDER/*.json. @throws EnvironmentError if there is no such folder
[[nodiscard]] ResultFolder read_results(const std::filesystem::path& folder);

} // namespace grade
