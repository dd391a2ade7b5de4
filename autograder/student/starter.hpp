// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Where starters come from: a branch of the course's repository, or a folder that was derived.
/// Always holds: a starter that was got is of the lab that was asked for.
/// Read next: next_lab.hpp.
#pragma once

#include "autograder/source/git.hpp"
#include "autograder/source/marker.hpp"

#include <optional>
#include <string>

namespace grade {

struct Starter {
    std::string commit; ///< in the repository it was fetched to; empty: it came from a folder
    Snapshot tree;
};

/// The marker of a tree. @throws EnvironmentError if it has none: it is no tree of a lab
[[nodiscard]] Marker marker_of(const Snapshot& tree, const std::string& what);

/// The files of a folder.
[[nodiscard]] Snapshot read_folder(const std::filesystem::path& folder);

/// @param git the repository to fetch to
/// @param from a remote, a path or an address
[[nodiscard]] Starter get_starter(const Git& git, const std::string& from, int lab);

/// The starter with which the work of commit `mine` began: where its history and the new starter's
/// meet, else the commit in one of the histories that is a starter as it was given out.
[[nodiscard]] std::optional<Snapshot> find_base(const Git& git, const std::string& mine,
                                                const std::string& next, const Marker& marker);

} // namespace grade
