// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A lab with everything that proving it needs: its solution, its starter, and trees between them.
/// Read next: trial.hpp.
#pragma once

#include "autograder/derive/tree.hpp"
#include "autograder/run/bands.hpp"
#include "autograder/source/test_plan.hpp"

#include <set>
#include <span>

namespace grade {

class LabTrees {
public:
    /// @param tests_of the lab whose exercises and tests are meant; the trees are those of `stage`,
    /// which is the same one or a later one
    LabTrees(const Course& course, int stage, int tests_of, Problems& problems);

    [[nodiscard]] const Manifest& manifest() const { return manifest_; }
    [[nodiscard]] const TestPlan& plan() const { return plan_; }
    [[nodiscard]] std::span<const StageText> solution() const { return solution_; }
    [[nodiscard]] std::span<const StageText> starter() const { return starter_; }

    /// All exercises of the lab.
    [[nodiscard]] std::set<ExerciseId> exercises() const;

    /// The tree in which these exercises of the lab are done and its others are holes.
    [[nodiscard]] std::vector<SourceFile> tree_with(const std::set<ExerciseId>& done) const;

private:
    std::vector<StageText> solution_;
    std::vector<StageText> starter_;
    Manifest manifest_;
    TestPlan plan_;
};

/// The tree with this in place of its file of that path. @pre it has one
[[nodiscard]] std::vector<SourceFile> with_file(std::vector<SourceFile> files, SourceFile changed);

} // namespace grade
