// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Takes what a student wrote out of the student's file and puts it into the course's: the bodies
/// of exercises, the region for helpers, whole files where the file is the exercise. What cannot be
/// taken becomes a hole, and costs no other exercise of the file.
/// Always holds: outside of exercises, helpers and added includes the result is the course's file,
/// byte for byte; nothing that a student can write makes this throw or take more than linear time.
/// Read next: refusals.hpp, overlay.hpp.
#pragma once

#include "autograder/overlay/refusals.hpp"
#include "autograder/source/exercise.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace grade {

/// What came of one exercise, or of one region for helpers.
struct Part {
    enum class State {
        done,    ///< the student's is in the tree
        hole,    ///< nothing was written yet
        missing, ///< not found in what was handed in
        refused, ///< found, and not allowed
    };

    ExerciseId id{}; ///< 0.0: the region for helpers
    std::string name;
    std::string file;
    State state = State::missing;
    std::string message; ///< one sentence; empty if there is nothing to say
    int line = 0;        ///< where it begins in the student's file; 0 if it is not there
    int body_line = 0;   ///< where its { is, or the first of its helpers
    int lines = 0;       ///< of code

    [[nodiscard]] bool is_helpers() const { return id.lab == 0; }
};

[[nodiscard]] std::string_view text(Part::State state);

struct Spliced {
    std::string text;        ///< of the file to be graded
    std::vector<Part> parts; ///< one for each exercise wanted, in the order of the course's file
    Part helpers;
    std::vector<std::string> warnings;
};

/// @param base the course's file, with whatever bodies
/// @param skeleton the same file as students get it, for exercises that are types or files; if it
///     is null, assembler becomes one that stops at once, and a type stays as `base` has it
/// @param student null if there is no such file in what was handed in
/// @param wanted exercises of `base` to be taken; others stay as they are
[[nodiscard]] Spliced splice(const SourceFile& base, const SourceFile* skeleton,
                             const std::string* student, std::span<const ExerciseId> wanted,
                             const Refusals& refusals);

/// Puts the hole of one exercise into a file of the course.
[[nodiscard]] std::string with_hole(const SourceFile& file, const SourceFile* skeleton,
                                    ExerciseId exercise);

} // namespace grade
