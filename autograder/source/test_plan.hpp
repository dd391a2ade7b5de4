// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The tests of a lab: what its manifest says of them, and their titles, which stand with the tests
/// themselves, in labs/N-name/tests/TIER/ (test_finder.hpp).
///
///     [run]
///     cpus = 1                        # make's CPUS for the kernel
///     sources = ["lwip 2.1.3"]        # source packages of Debian that tests of tier peer need
///
///     [[test]]
///     id = "resolve-guard"
///     exercise = "1.1"                # whose points it gives
///     needs = ["1.1"]                 # passes exactly if these are done; default: the exercise
///     tier = "host"                   # host, kernel, guest or peer (only for "qemu")
///     points = 4                      # those of an exercise's tests add up to the exercise's
///     seeds = 1                       # with more, points are the part of the runs that pass
///     harts = 1                       # of the machine
///     limit = 200_000_000             # instructions of the machine
///     targets = ["qemu", "serial"]    # where it can run; default: both
///     anchor = "exercise-11"          # the handout's heading
///     perf = false                    # whether its value is judged by bands.toml
///     answer = false                  # whether its value is compared with what labN-answers says
///
/// Always holds: the tests of a plan that was read without problems are those of the sources.
/// Read next: manifest.hpp.
#pragma once

#include "autograder/source/manifest.hpp"
#include "autograder/source/source_tree.hpp"
#include "autograder/source/test_finder.hpp"

#include <cstdint>

namespace grade {

struct PlannedTest {
    std::string id;
    std::string title;
    std::string file; ///< where it stands
    ExerciseId exercise{};
    std::vector<ExerciseId> needs;
    Tier tier{};
    int points = 0;
    int seeds = 1;
    int harts = 1;
    std::uint64_t limit = 0;
    bool on_qemu = true;
    bool on_serial = true;
    bool is_here = true;   ///< on the target that was chosen
    bool is_scored = true; ///< there; else its points count for nobody
    std::string anchor;
    bool perf = false;
    bool answer = false;
    int line = 0; ///< in the manifest
};

struct TestPlan {
    int lab = 0;
    std::string folder; ///< "labs/1-capabilities"
    int cpus = 1;
    std::vector<std::string> sources; ///< "lwip 2.1.3"
    std::vector<PlannedTest> tests;

    /// Null if there is none.
    [[nodiscard]] const PlannedTest* find(std::string_view id) const;
    /// "handouts/1-capabilities.md"
    [[nodiscard]] std::string handout() const;
    /// Only what this target is for. A board does not take turns by seeds: each costs an upload,
    /// so that a few must do.
    void choose(std::string_view target);
};

/// The plan of a lab; one without tests if its manifest has none.
[[nodiscard]] TestPlan read_test_plan(const SourceTree& tree, const Manifest& manifest,
                                      Problems& problems);

} // namespace grade
