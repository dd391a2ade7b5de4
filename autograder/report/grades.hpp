// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A class's grades as tables for other systems.
/// Always holds: who has no grade has an empty cell, which those systems pass over, never a 0; only
/// who handed in nothing has none by that.
/// Read next: class_data.hpp.
#pragma once

#include "autograder/report/class_data.hpp"

#include <string>

namespace grade {

/// All there is: a row a student, a column an exercise and a mark given by hand.
[[nodiscard]] std::string scores_csv(const ClassData& data);

/// For the import of Canvas' gradebook; ids are SIS user ids and login ids.
[[nodiscard]] std::string canvas_csv(const ClassData& data);

/// For the grade import of Moodle; map "ID number" to the user's ID number.
[[nodiscard]] std::string moodle_csv(const ClassData& data);

} // namespace grade
