// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// .catch-up.toml, in which a student's tree remembers which exercises' bodies it was given. In a
/// submission it is the student's word, and may hold anything.
/// Read next: ../student/catch_up.hpp, which writes it.
#pragma once

#include "autograder/source/exercise.hpp"

#include <optional>
#include <set>
#include <string_view>

namespace grade {

inline constexpr const char* catch_up_path = ".catch-up.toml";

/// "1.3", and nothing else.
[[nodiscard]] std::optional<ExerciseId> read_exercise_id(std::string_view word);

/// Every line `id = "1.3"` counts, whatever stands around it: who adds nonsense to the record takes
/// nothing out of it.
[[nodiscard]] std::set<ExerciseId> caught_up_ids(std::string_view record);

} // namespace grade
