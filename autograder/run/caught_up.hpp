// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Exercises whose bodies were given to the student count at most what the manifest says. The
/// record in the submission says which; since it is the student's word, bodies are also held
/// against those that were given out, if the grader has them.
/// Always holds: neither of the two can take away what the other one says.
/// Read next: ../source/catch_up_record.hpp.
#pragma once

#include "autograder/overlay/overlay.hpp"
#include "autograder/results/result.hpp"

namespace grade {

/// Bodies that were given out.
using GivenBodies = std::map<ExerciseId, std::string>;

/// Whether `own` is the body that was given, with whatever comments, spaces and names, or the whole
/// file has it, name for name, in another place.
[[nodiscard]] bool is_given(std::string_view given, std::string_view own, std::string_view file);

/// Marks exercises of the lab in a result that nothing was added up in yet.
void mark_caught_up(Result& result, const Manifest& manifest, const Submission& submission,
                    const Overlay& overlay, const GivenBodies& given);

} // namespace grade
