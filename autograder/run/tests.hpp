// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Running the tests of a lab on a tree that was built, and what came of them.
/// Always holds: a test that ends its program or its machine costs only itself; the others are run
/// again behind it. Read next: host_tests.cpp, machine_tests.cpp.
#pragma once

#include "autograder/run/build.hpp"
#include "autograder/run/protocol.hpp"
#include "autograder/source/test_plan.hpp"

#include <functional>

namespace grade {

/// One test with one seed.
struct TestRun {
    enum class Verdict {
        passed,
        failed,
        crashed, ///< it ended its program or its machine
        timeout, ///< it used up its instructions or its time, or waits for ever
        forged,  ///< something but the tests wrote lines of the protocol
    };

    std::string id;
    std::uint64_t seed = 1;
    Verdict verdict{};
    std::vector<std::string> messages;
    std::optional<std::uint64_t> value;
    std::string log;    ///< what else was said, if it failed
    double seconds = 0; ///< of the run that it was part of, shared among its tests
};

/// Called for each as soon as it is known.
using OnTest = std::function<void(const TestRun&)>;

/// Which line of a student's file stands in this line of the tree; the same line, if none.
using LineOf = std::function<int(std::string_view file, int line)>;

struct TestOptions {
    std::uint64_t seed = 1; ///< of the first run; the others follow
    std::stop_token stop;
    LineOf line_of = {}; ///< where stops and hangs are to be explained, which takes another run
};

/// Runs these host tests. @pre goal labN-host was built
/// @throws EnvironmentError if this machine cannot
void run_host_tests(const Sandbox& sandbox, const WorkTree& tree, const TestPlan& plan,
                    std::span<const PlannedTest* const> tests, const TestOptions& options,
                    const OnTest& on_test);

/// Runs these kernel and guest tests in the emulator. @pre goal labN-guest was built
/// @throws EnvironmentError if this machine cannot
void run_machine_tests(const Sandbox& sandbox, const WorkTree& tree, const Tools& tools,
                       const TestPlan& plan, std::span<const PlannedTest* const> tests,
                       const TestOptions& options, const OnTest& on_test);

} // namespace grade
