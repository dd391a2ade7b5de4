// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A stage's tree: the files of its lab and of those before, each as this stage has it. In a
/// solution exercises have the reference's bodies; in a starter those of its own lab are holes or
/// skeletons, and in a blank one those of all labs so far: that is what students get.
/// Always holds: if no problem was found, nothing of a later stage is in it.
/// Read next: output.hpp.
#pragma once

#include "autograder/derive/course.hpp"

#include <string_view>
#include <vector>

namespace grade {

enum class Kind { starter, solution, blank };

[[nodiscard]] constexpr std::string_view text(Kind kind) {
    return kind == Kind::solution ? "solution" : "starter";
}

/// @pre 1 <= lab <= Stage::labs
[[nodiscard]] std::vector<StageText> derive_tree(const Course& course, int lab, Kind kind,
                                                 Problems& problems);

} // namespace grade
