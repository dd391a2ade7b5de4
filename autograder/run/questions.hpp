// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Questions of handouts, whose answers people read. The grader says which have none.
///
///     handout     * **Q2** Why may `push` ...
///     answers     ## Q2          or "Q2: ..." or "**Q2** ...", then some words
///
#pragma once

#include "autograder/results/result.hpp"

#include <string_view>

namespace grade {

/// Where a student writes the answers, from the top folder of the tree.
[[nodiscard]] std::string answers_path(int lab);

/// The handout's questions, and whether `answers` has at least three words to each.
[[nodiscard]] std::vector<QuestionResult> questions_of(std::string_view handout,
                                                       std::string_view answers);

} // namespace grade
