// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// All that grading submissions of one lab needs, read once.
/// Read next: grader.hpp.
#pragma once

#include "autograder/overlay/base_tree.hpp"
#include "autograder/run/caught_up.hpp"
#include "autograder/run/compiler.hpp"
#include "autograder/run/grader.hpp"

namespace grade {

class Lab {
public:
    /// @param starter of the lab
    /// @param target where its tests are to run; "qemu" is the emulator
    /// @throws EnvironmentError if the tree is not one that can be graded
    Lab(SourceTree starter, int number, Compiler compiler, std::string_view target = "qemu");

    /// What was given to students who catch up; only they can know it who have the reference.
    void give(GivenBodies bodies) { given_ = std::move(bodies); }

    [[nodiscard]] const BaseTree& base() const { return base_; }
    [[nodiscard]] const Manifest& manifest() const { return base_.manifests().back(); }
    [[nodiscard]] const TestPlan& plan() const { return plan_; }
    [[nodiscard]] const Bands& bands() const { return bands_; }
    [[nodiscard]] const Compiler& compiler() const { return compiler_; }
    [[nodiscard]] const GivenBodies& given() const { return given_; }
    /// All that a score follows from beside the submission: the tree, and what was given out.
    [[nodiscard]] std::vector<SourceFile> course() const;
    /// What a submission is read for.
    [[nodiscard]] IntakeOrder order() const;
    /// The handout's questions, and which of them it answers.
    [[nodiscard]] std::vector<QuestionResult> questions(const Submission& submission) const;

private:
    Compiler compiler_;
    Problems problems_;
    BaseTree base_;
    TestPlan plan_;
    Bands bands_;
    GivenBodies given_;
};

/// Grades what was taken in, or says why nothing can be graded; always gives a whole result.
/// @throws EnvironmentError
[[nodiscard]] Result grade_submission(const Lab& lab, const Intake& intake, Overlay::Labs labs,
                                      const Job& job, WorkTree& tree, Follower& follower);

} // namespace grade
