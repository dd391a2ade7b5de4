// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Grades everything that a class handed in, several submissions at a time, each into
/// OUT/<id>.json. A run that was stopped carries on where it was: what is graded already, by the
/// same course and with the same seed, is kept.
/// Always holds: a submission costs no other one anything; a fault of this machine costs nobody
/// points, but is in the JSON as what it is.
/// Read next: integration.hpp.
#pragma once

#include "autograder/class/handed_in.hpp"
#include "autograder/run/lab.hpp"

#include <functional>

namespace grade {

struct ClassJob {
    const Lab& lab;
    const Sandbox& sandbox;
    Tools tools;
    std::function<Opened(const HandedIn&)> open;
    std::filesystem::path out;  ///< for results, <id>.json
    std::filesystem::path work; ///< for trees in which things are built
    std::string course;         ///< digest
    unsigned workers = 1;
    std::uint64_t seed = 1;
    bool personal_seeds = false; ///< each student's depends on her id
    bool again = false;          ///< what is graded already is graded again
    bool integration = true;
    bool keeps_sources = true; ///< what was taken in, in OUT/sources/<id>/
    std::stop_token stop;
};

/// What became of one submission.
struct ClassStep {
    std::size_t done;
    std::size_t all;
    const Result& result;
    bool kept; ///< it was graded before
};

/// Called one at a time, in the order in which they end.
using OnStep = std::function<void(const ClassStep&)>;

/// @return one for each submission, in their order; less if it was told to stop
/// @throws EnvironmentError if results cannot be written
std::vector<Result> grade_class(const ClassJob& job, std::span<const HandedIn> submissions,
                                const OnStep& on_step);

/// Where what was taken in of a submission is kept.
[[nodiscard]] std::filesystem::path sources_path(const std::filesystem::path& results,
                                                 std::string_view id);

/// What a student's inputs depend on, whoever else is in the class.
[[nodiscard]] std::uint64_t personal_seed(std::uint64_t seed, std::string_view id);

} // namespace grade
