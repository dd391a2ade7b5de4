// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What in a file with exercises is the student's: the bodies of the exercises and the lines of the
/// helper region. All else is the frame, which the staff wrote.
/// Always holds: taking own text out of a file and putting it back in gives the same bytes.
/// Read next: carry.hpp.
#pragma once

#include "autograder/source/exercise.hpp"

#include <map>
#include <optional>
#include <string>

namespace grade {

struct OwnText {
    std::map<ExerciseId, std::string> exercises; ///< bodies; of one that is a file, all of it
    std::optional<std::string> helpers;          ///< between the two lines of the region
};

/// Line ends as this tree has them: without carriage returns.
[[nodiscard]] std::string with_plain_line_ends(std::string text);

/// @param problems what is wrong with marks; what is right is taken all the same
[[nodiscard]] OwnText own_text(const SourceFile& file, Problems& problems);

/// Puts in place what the text has; where it has nothing the file stays as it is.
[[nodiscard]] std::string put_own_text(const SourceFile& file, const OwnText& text);

/// Whether the body still calls lab::todo() for this exercise.
[[nodiscard]] bool is_hole(const std::string& body, ExerciseId id);

} // namespace grade
