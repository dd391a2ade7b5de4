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
///     says = "..."              # stands in the result; empty: nothing need be said
///
/// Without `exercise` all of the lab's are holes, or what `file` has for them.
/// Read next: attack_proofs.cpp.
#pragma once

#include "autograder/source/exercise.hpp"
#include "autograder/source/problems.hpp"
#include "autograder/source/source_tree.hpp"

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
    std::string says;
    int line = 0; ///< in the file
};

/// Those of all labs; none if there is no such file.
[[nodiscard]] std::vector<Attack> read_attacks(const SourceTree& source, Problems& problems);

/// Writes what is handed in.
/// @param solution,starter of the attack's lab
/// @param files that are graded, by their paths
/// @throws EnvironmentError if it cannot be written, or does not fit the lab
void write_attack(const Attack& attack, std::span<const StageText> solution,
                  std::span<const StageText> starter, std::span<const std::string> files,
                  const std::filesystem::path& folder);

} // namespace grade
