// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Who is in a class: a table that an instructor keeps in a spreadsheet.
///
///     id,name,group,submission,revision,extension,handed in,mark: questions / 10
///     ada,Ada,A,ada.tar.gz,,2,2026-12-03T10:00Z,7.5
///     bob,Bob,B,repositories/bob.git,lab3,,,
///
/// Read next: handed_in.hpp.
#pragma once

#include "autograder/class/deadline.hpp"
#include "autograder/results/result.hpp"

#include <optional>
#include <string>
#include <vector>

namespace grade {

/// A line of the roster.
struct RosterStudent {
    std::string id;
    std::string name;
    std::string group;
    std::string submission; ///< path, from the roster's folder
    std::string revision;   ///< of a repository; empty: chosen by the deadline
    int extension = 0;      ///< days
    std::optional<Time> handed_in;
    std::vector<ManualMark> marks; ///< given by hand; they replace those of a result
};

/// Columns in any order; only "id" must be there. A column "mark: WHAT / MAX" holds marks given by
/// hand, empty where there is none yet. Other columns are passed over.
/// @return or what is wrong, with its line
[[nodiscard]] std::expected<std::vector<RosterStudent>, std::string>
parse_roster(std::string_view csv);

/// @throws EnvironmentError if it cannot be read, or what is wrong with it
[[nodiscard]] std::vector<RosterStudent> read_roster(const std::filesystem::path& path);

} // namespace grade
