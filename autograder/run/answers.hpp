// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Tests that do not know what is right: they tell a number, and this machine computes which one it
/// should have been. What students write has no part in that, so a kernel that cheats its tests
/// gains nothing by it. build/host/labN-answers SEED... writes "ID SEED NUMBER" lines.
/// Read next: machine_tests.cpp.
#pragma once

#include "autograder/run/tests.hpp"

#include <map>

namespace grade {

class Answers {
public:
    /// For those of the tests that have one, with all their seeds. @pre goal labN-answers was built
    /// @throws EnvironmentError if they cannot be computed
    static Answers compute(const Sandbox& sandbox, const WorkTree& tree, const TestPlan& plan,
                           std::span<const PlannedTest* const> tests, std::uint64_t first_seed);

    /// The run, failed if its number is wrong.
    [[nodiscard]] TestRun judge(TestRun run) const;

private:
    using Key = std::pair<std::string, std::uint64_t>;
    std::map<Key, std::uint64_t> numbers_;
};

/// Whether goal labN-answers must be built.
[[nodiscard]] bool has_answers(std::span<const PlannedTest* const> tests);

} // namespace grade
