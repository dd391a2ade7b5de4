// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Whether a score can have changed since it was given. What a score depends on: the submission,
/// the seeds, the compiler, the emulator, and the course's files but
///
///     documents                      nothing is built from them
///     tests of this lab              of whom none of them can run
///     tests of other labs            whose own system lost no points in the integration part
///
/// Always holds: of a result it is not known how it came about counts as affected.
/// Read next: regrade.hpp.
#pragma once

#include "autograder/class/course_record.hpp"
#include "autograder/results/result.hpp"
#include "autograder/source/test_plan.hpp"

namespace grade {

/// How submissions are graded at present.
struct Present {
    const TestPlan& plan;
    CourseRecord files;
    std::string course; ///< digest
    std::string toolchain;
    std::string emulator;
    std::filesystem::path results; ///< folder, with records of the courses before
};

class Affected {
public:
    explicit Affected(Present present) : present_(std::move(present)) {}

    /// Why it must be graded again, in a few words; empty if its score still holds.
    [[nodiscard]] std::string why(const Result& before);
    /// What is different since some result was given.
    [[nodiscard]] const std::set<std::string>& changes() const { return all_changes_; }

private:
    /// Null if it is not known.
    const std::set<std::string>* changes_since(const std::string& course);
    [[nodiscard]] bool matters(std::string_view path, const Result& before) const;
    [[nodiscard]] bool can_run_a_test(const Result& before) const;

    Present present_;
    std::map<std::string, std::optional<std::set<std::string>>> changes_; ///< since a course
    std::set<std::string> all_changes_;
};

} // namespace grade
