// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What a student hands in: the files with exercises, her answers to the handout's questions, and
/// which starter and which caught-up exercises they belong to. Nothing else would be graded.
/// Always holds: it is looked at first, as the grader will; what the grader would not find, or
/// would refuse, is a problem; what it would pass over is a warning.
/// Read next: archive.hpp.
#pragma once

#include "autograder/source/problems.hpp"
#include "autograder/source/stage_text.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace grade {

struct Package {
    int lab = 0;
    std::vector<SourceFile> files; ///< sorted by path
    Problems problems;             ///< what the grader would not find, or not take
    std::vector<std::string> warnings;
};

/// @param lab that is to be handed in; 0: the tree's
/// @throws EnvironmentError if the folder is no student's tree, or of another lab
[[nodiscard]] Package collect(const std::filesystem::path& root, int lab);

/// Each file outside the own text that is not as the starter has it, as "path:line was changed and
/// will not be graded"; nothing if the starter is not known.
[[nodiscard]] std::vector<std::string> edits_elsewhere(const std::vector<SourceFile>& mine,
                                                       const std::vector<SourceFile>& starter);

} // namespace grade
