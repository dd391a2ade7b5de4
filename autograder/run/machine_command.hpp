// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// How the machine of a test is started: the same for the grader and for a debugger.
/// Read next: machine_tests.cpp.
#pragma once

#include "autograder/run/build.hpp"
#include "autograder/source/test_plan.hpp"

namespace grade {

/// The machine that tests want: those that want the same one share a run.
struct Machine {
    Tier tier;
    int harts;
    bool random; ///< harts take turns of random lengths

    auto operator<=>(const Machine&) const = default;
};

[[nodiscard]] Machine machine_of(const PlannedTest& test);

/// tools/emulator/run.py and its arguments, for tests with one seed. @pre goal labN-guest was built
/// @param nonce 32 hexadecimal digits; without them results are told as TAP
[[nodiscard]] std::vector<std::string> machine_command(const WorkTree& tree, const Tools& tools,
                                                       const TestPlan& plan, const Machine& machine,
                                                       std::uint64_t seed,
                                                       std::span<const std::string> ids,
                                                       std::string_view nonce = {});

} // namespace grade
