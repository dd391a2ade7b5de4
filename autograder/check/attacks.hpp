// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// labs/attacks/attacks.toml: submissions that try to cheat.
///
///     [[attack]]
///     id = "prints-lines"
///     what = "prints the lines of tests that pass"
///     lab = 4
///     exercise = "4.5"          # has this body; the lab's others are the reference's
///     body = "{ ... }"
///     helpers = "runtime/x.hpp" # its region for helpers holds `text`
///     file = "Makefile"         # is handed in with `text`, or is so many `mebibytes`
///     link = "runtime/x.hpp"    # is handed in as a link to `text`
///     own_system = true         # the integration part is graded, too
///     says = "..."              # stands in the result; empty: nothing need be said
///
/// Without `exercise` all of the lab's are holes, or what `file` has for them. With `own_system` it
/// may be one of an earlier lab, and that part must give no more than with a hole there.
/// Always holds: an attack that was read without problems fits its lab. It edits only files that
/// are there, so it is still one when the lab was changed.
/// Read next: attack_proofs.cpp.
#pragma once

#include "autograder/check/lab_trees.hpp"

#include <filesystem>
#include <optional>
#include <span>

namespace grade {

struct Attack {
    std::string id;
    std::string what;
    int lab = 0;
    std::optional<ExerciseId> exercise; ///< that it claims to have done
    std::string body;
    std::string helpers;
    std::string file;
    std::string link;
    std::string text;
    std::size_t mebibytes = 0;
    bool own_system = false;
    std::string says;
    int line = 0; ///< in the file
};

/// Those on a lab; none if there is no such file.
[[nodiscard]] std::vector<Attack> read_attacks(const SourceTree& source, const LabTrees& trees,
                                               Problems& problems);

/// Writes what is handed in.
/// @param files that are graded, by their paths
/// @pre the attack was read with these trees
/// @throws EnvironmentError if it cannot be written
void write_attack(const Attack& attack, const LabTrees& trees, std::span<const std::string> files,
                  const std::filesystem::path& folder);

} // namespace grade
