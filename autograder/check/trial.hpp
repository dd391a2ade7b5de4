// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Trying a tree: building it and running some tests of a lab on it. Several trees are tried side
/// by side, each worker in a work tree of its own.
/// Read next: prefixes.cpp, mutant_runs.cpp.
#pragma once

#include "autograder/check/lab_trees.hpp"
#include "autograder/run/tests.hpp"

#include <functional>
#include <memory>

namespace grade {

/// What a trial found out.
struct Trial {
    bool built = false;
    std::vector<CompilerMessage> errors;
    std::string log;           ///< of a build that failed
    std::vector<TestRun> runs; ///< of the tests that were run
    double seconds = 0;

    [[nodiscard]] bool all_passed(std::string_view test) const;
    [[nodiscard]] bool any_failed() const;
};

/// Whether no other test is needed behind this one.
using Enough = std::function<bool(const TestRun&)>;
[[nodiscard]] inline bool never(const TestRun&) { return false; }

/// Builds and runs in one work tree.
class Bench {
public:
    /// @param folder of the work tree
    Bench(const Sandbox& sandbox, const Tools& tools, const TestPlan& plan,
          const std::filesystem::path& folder)
        : sandbox_(sandbox), tools_(tools), plan_(plan), tree_(folder) {}

    [[nodiscard]] WorkTree& tree() { return tree_; }
    [[nodiscard]] const Sandbox& sandbox() const { return sandbox_; }
    [[nodiscard]] const Tools& tools() const { return tools_; }
    /// Builds all test programs, whether they can be built or not.
    void build_all(std::span<const SourceFile> files);
    /// Takes over what another bench has built. @pre nothing was built here
    void take_build_of(const Bench& other) { tree_.take_build_of(other.tree_); }

    /// Tries the tests on the files, tier by tier.
    [[nodiscard]] Trial run(std::span<const SourceFile> files,
                            std::span<const PlannedTest* const> tests, const Enough& enough);

private:
    const Sandbox& sandbox_;
    const Tools& tools_;
    const TestPlan& plan_;
    WorkTree tree_;
};

/// Does pieces of work on several benches; all have a build of the solution to begin with.
class Workshop {
public:
    /// @param folder for the work trees, one below it for each worker
    Workshop(const Sandbox& sandbox, const Tools& tools, const LabTrees& trees,
             const std::filesystem::path& folder, unsigned workers);

    using Work = std::function<void(Bench&)>;
    /// Returns when all is done. An exception of one piece ends the others, and comes here.
    void run(std::vector<Work> pieces);

private:
    std::vector<std::unique_ptr<Bench>> benches_;
};

} // namespace grade
