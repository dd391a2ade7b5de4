// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What students handed in: folders, archives, and repositories, of which a commit is chosen: the
/// one that the roster names, else the tag of the lab ("lab3"), else the last one in time.
/// Read next: class_run.hpp.
#pragma once

#include "autograder/class/roster.hpp"
#include "autograder/overlay/intake.hpp"

#include <span>

namespace grade {

struct HandedIn {
    std::string id;
    std::filesystem::path source; ///< empty: nothing was handed in
    std::string revision;
    int extension = 0;
    std::optional<Time> handed_in;
    std::optional<std::uint64_t> seed = {}; ///< of its tests, if not that of all
};

/// Each by the name of its file, without what says which kind of archive it is.
/// @throws EnvironmentError if two would have the same id
[[nodiscard]] std::vector<HandedIn> hand_in(std::span<const std::filesystem::path> sources);

/// Those of the roster. Where it names no submission, the one of `sources` with the student's id.
/// @param folder that the roster's paths begin at
[[nodiscard]] std::vector<HandedIn> hand_in(std::span<const RosterStudent> roster,
                                            const std::filesystem::path& folder,
                                            std::span<const std::filesystem::path> sources);

/// A submission that was opened.
struct Opened {
    Intake intake;
    std::string from; ///< "ada.git, commit 0123456789 (tag lab3)"
    int late_days = 0;
    int late_percent = 0; ///< taken off for that
};

[[nodiscard]] Opened open(const HandedIn& handed_in, const LatePolicy& policy,
                          const IntakeOrder& order);

} // namespace grade
