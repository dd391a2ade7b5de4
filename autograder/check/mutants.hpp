// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// labs/N-name/mutants.toml: wrong bodies of exercises, each a mistake that a student may make; and
/// which of those that a machine makes are no mistakes.
///
///     [[mutant]]
///     id = "1.1-guard-not-compared"    # exercise, then words
///     what = "takes every guard for right"
///     replace = "..."                  # found exactly once in the reference's body
///     with = "..."                     # at most three lines are changed
///     test = "resolve-guard"           # the test that must catch it
///     says = "guard"                   # stands in what that test says
///
///     [[equivalent]]
///     exercise = "1.3"
///     what = "exchanged with the next: link();"    # as the machine says it
///     why = "neither looks at what the other one changes"
///
/// Always holds: a mutant that was read without problems can be applied.
/// Read next: mechanical.hpp, check.hpp.
#pragma once

#include "autograder/source/exercise.hpp"
#include "autograder/source/test_plan.hpp"

#include <span>

namespace grade {

struct Mutant {
    std::string id;
    ExerciseId exercise{};
    std::string what;
    std::string replace;
    std::string with;
    std::string test; ///< empty for mechanical ones: any test will do
    std::string says;
    int line = 0; ///< in the file
};

/// Those of a lab; none if it has no such file.
/// @param source where mutants.toml stands
/// @param solution the lab's solution: exercises with the reference's bodies
[[nodiscard]] std::vector<Mutant> read_mutants(const SourceTree& source,
                                               std::span<const StageText> solution,
                                               const Manifest& manifest, const TestPlan& plan,
                                               Problems& problems);

/// A mutant by machine that does what the reference does: no test can catch it.
struct Equivalent {
    ExerciseId exercise{};
    std::string what;

    bool operator==(const Equivalent&) const = default;
};

/// Those of a lab.
std::vector<Equivalent> read_equivalents(const SourceTree& source,
                                         std::span<const StageText> solution,
                                         const Manifest& manifest, const TestPlan& plan,
                                         Problems& problems);

/// The file of the mutant's exercise, with its wrong body.
/// @pre it was read with this solution
[[nodiscard]] SourceFile mutate(const Mutant& mutant, std::span<const StageText> solution,
                                const Manifest& manifest);

/// The file with this exercise, and the exercise in it; null if there is none.
struct Place {
    const StageText* text;
    Exercise exercise;
};
[[nodiscard]] std::optional<Place> place_of(ExerciseId id, std::span<const StageText> tree,
                                            const Manifest& manifest);

} // namespace grade
