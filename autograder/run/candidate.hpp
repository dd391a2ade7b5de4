// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What is graded: a whole tree, in which the bodies of some exercises are a student's.
/// Read next: grader.hpp.
#pragma once

#include "autograder/source/exercise.hpp"

#include <string>
#include <vector>

namespace grade {

class Candidate {
public:
    Candidate() = default;
    Candidate(const Candidate&) = delete;
    Candidate& operator=(const Candidate&) = delete;
    virtual ~Candidate() = default;

    /// All of the tree, as it is to be built.
    [[nodiscard]] virtual const std::vector<SourceFile>& files() const = 0;

    /// The exercises that a compiler means with a line of a file of files(): the one around it; if
    /// it is one of the student's helpers, all that are done in the file; else none.
    [[nodiscard]] virtual std::vector<ExerciseId> exercises_at(const std::string& file,
                                                               int line) const = 0;

    /// The exercises that are done, of those to be graded.
    [[nodiscard]] virtual std::vector<ExerciseId> done() const = 0;

    /// Puts a hole in the place of an exercise that does not compile.
    virtual void give_up(ExerciseId exercise) = 0;
};

} // namespace grade
