// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The feedback that one student gets: score, exercises, every test with what is wrong and how to
/// see it again.
/// Always holds: there is nothing of any other student in it.
/// Read next: html.hpp.
#pragma once

#include "autograder/report/class_data.hpp"

#include <string>

namespace grade {

/// @param handouts address of the folder above the handouts' anchors ("https://.../course");
/// without
///        it they are named, not linked
[[nodiscard]] std::string student_page(const ClassEntry& entry, int lab,
                                       const std::string& handouts);

/// As it is shown everywhere: "ok", "build error", "grading was cut off", "nothing handed in"...
[[nodiscard]] std::string status_text(const ClassEntry& entry);

/// What happened to an exercise, as people say it.
[[nodiscard]] std::string_view state_text(ExerciseState state);

} // namespace grade
