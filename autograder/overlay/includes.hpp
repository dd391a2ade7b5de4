// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Headers that a student's code needs and the course's file does not include. They may stand at
/// the top of the file or among the helpers, which are within a namespace; either way they go to
/// the course's own includes.
/// Read next: splice.hpp.
#pragma once

#include "autograder/overlay/refusals.hpp"
#include "autograder/overlay/student_file.hpp"

namespace grade {

/// Lines to be added, each with its end. One that is not allowed is left out, with a warning.
[[nodiscard]] std::string added_includes(const StudentFile& student, const StudentFile& course,
                                         const Refusals& refusals,
                                         std::vector<std::string>& warnings);

/// Behind the last include that stands in no braces; 0 if there is none.
[[nodiscard]] std::size_t end_of_includes(const StudentFile& course);

/// The same lines without preprocessor lines.
[[nodiscard]] std::string without_directives(std::string text);

} // namespace grade
