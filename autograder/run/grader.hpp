// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Grades one submission: builds the tree it was put into, giving up what does not compile, and
/// runs the tests of a lab, the host's first. Always holds: an exercise that cannot be built costs
/// no points of another, and a fault of this machine costs nobody any: it is an EnvironmentError.
/// Read next: score.hpp.
#pragma once

#include "autograder/overlay/overlay.hpp"
#include "autograder/run/score.hpp"

namespace grade {

/// What is graded, and how.
struct Job {
    const TestPlan& plan;
    const Bands& bands;
    const Sandbox& sandbox;
    const Tools& tools;
    std::uint64_t seed = 1;
    std::vector<std::string> only = {}; ///< ids of tests; empty: all
    std::stop_token stop = {};
    SubmissionInfo submission = {}; ///< what is known of it beside its content
    std::string course = {};        ///< digest
};

/// How a grading can be followed.
class Follower {
public:
    Follower() = default;
    Follower(const Follower&) = delete;
    Follower& operator=(const Follower&) = delete;
    virtual ~Follower() = default;

    /// Something that takes a while begins: "building the host tests".
    virtual void step(const std::string& what) = 0;
    /// A test is done, with all its seeds.
    virtual void test(const TestResult& test) = 0;
    /// Points are added up: a good moment to write them down.
    virtual void partial(const Result& result) = 0;
};

/// The result of a submission of which nothing was run yet: what came of each exercise.
[[nodiscard]] Result begin_result(const TestPlan& plan, const Manifest& manifest,
                                  const Overlay& overlay);

/// @param result from begin_result(); complete when this returns
/// @throws EnvironmentError
void grade_overlay(const Job& job, Overlay& overlay, WorkTree& tree, Result& result,
                   Follower& follower);

} // namespace grade
