// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Where tests of the machine run: the emulator, unless the grader is told of another target.
/// Read next: machine_tests.cpp.
#pragma once

#include "autograder/run/protocol.hpp"
#include "autograder/source/test_plan.hpp"

#include <filesystem>
#include <stop_token>

namespace grade {

/// The machine that tests want: those that want the same one share a run.
struct Machine {
    Tier tier;
    int harts;
    bool random; ///< harts take turns of random lengths

    auto operator<=>(const Machine&) const = default;
};

/// What one run came to.
struct Ending {
    Statements statements;
    bool timed_out = false;               ///< if it did not come to its end
    std::string reason;                   ///< why it did not
    std::vector<std::string> explanation; ///< where it was then, as far as that is known
    std::string changed;                  ///< what was changed that judges: no verdict counts
    double seconds = 0;
};

/// What is to run: some tests with one seed.
struct MachineRun {
    std::filesystem::path programs; ///< the folder of the tests' programs, built
    const TestPlan& plan;
    const Machine& machine;
    std::uint64_t seed;
    std::span<const std::string> ids;
};

class Target {
public:
    Target() = default;
    Target(const Target&) = delete;
    Target& operator=(const Target&) = delete;
    virtual ~Target() = default;

    /// As manifests and results have it.
    [[nodiscard]] virtual std::string_view name() const = 0;
    /// make's PLATFORM.
    [[nodiscard]] virtual std::string_view platform() const = 0;
    /// @throws EnvironmentError
    [[nodiscard]] virtual Ending run(const MachineRun& what, const std::stop_token& stop) const = 0;
};

/// The last words of a kernel that stopped, if there are any.
[[nodiscard]] std::optional<std::string> last_words(const Statements& statements);

} // namespace grade
