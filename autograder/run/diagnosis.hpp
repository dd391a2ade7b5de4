// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What is said of a kernel that stopped in a test, or of a machine that did not come to an end:
/// the place in the source, who called, and what every hart was doing. The run is done once more,
/// under a debugger (tools/emulator/explain.py): time follows counted instructions, so it is the
/// same run. Always holds: of what the machine says only numbers are used, and not many; names
/// come from the programs' files. Tests that pass cost nothing, an exercise one more run.
/// Read next: machine_tests.cpp.
#pragma once

#include "autograder/run/build.hpp"
#include "autograder/run/runs.hpp"

#include <set>

namespace grade {

/// What explain.py found, in words: the first line is the headline. No lines if it is not to be
/// understood.
[[nodiscard]] std::vector<std::string> stop_in_words(std::string_view json, const LineOf& line_of);
[[nodiscard]] std::vector<std::string> hang_in_words(std::string_view json, const LineOf& line_of);

class Diagnosis {
public:
    Diagnosis(const Sandbox& sandbox, const WorkTree& tree, const Tools& tools,
              const TestPlan& plan, const TestOptions& options)
        : sandbox_(sandbox), tree_(tree), tools_(tools), plan_(plan), options_(options) {}

    /// Says more in the ending of a run of these tests, if it broke off for a reason of its own.
    /// @param command that the run was started with, by run.py
    /// @param cpu seconds that it took of the processor
    void explain(Ending& ending, std::span<const std::string> ids,
                 const std::vector<std::string>& command, double cpu);

private:
    [[nodiscard]] std::string run(const std::string& how, const std::vector<std::string>& command);

    const Sandbox& sandbox_;
    const WorkTree& tree_;
    const Tools& tools_;
    const TestPlan& plan_;
    const TestOptions& options_;
    std::set<ExerciseId> explained_;
};

} // namespace grade
