// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// How the machine of a test is started: the same for the grader and for a debugger.
/// Read next: machine_tests.cpp.
#pragma once

#include "autograder/run/build.hpp"
#include "autograder/run/target.hpp"

namespace grade {

[[nodiscard]] Machine machine_of(const PlannedTest& test);

/// The root task that such a machine starts, in the folder of the tests' programs.
[[nodiscard]] std::string root_task(const TestPlan& plan, Tier tier);

/// The command line of the machine's program: which tests, and with what.
/// @param nonce 32 hexadecimal digits; without them results are told as TAP
[[nodiscard]] std::string boot_arguments(const Machine& machine, std::uint64_t seed,
                                         std::span<const std::string> ids, std::string_view nonce);

/// How many instructions a run of these tests may take.
[[nodiscard]] std::uint64_t instruction_limit(const TestPlan& plan,
                                              std::span<const std::string> ids);

/// tools/emulator/run.py and its arguments, for tests with one seed; of tier peer it is one test.
/// @pre goal labN-guest was built, and a peer's script written
[[nodiscard]] std::vector<std::string> machine_command(const WorkTree& tree, const Tools& tools,
                                                       const TestPlan& plan, const Machine& machine,
                                                       std::uint64_t seed,
                                                       std::span<const std::string> ids,
                                                       std::string_view nonce = {});

} // namespace grade
