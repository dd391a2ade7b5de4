// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What host and machine tests have in common: tests with the same seed go into one run; where a
/// run breaks off, the next takes up what is left.
/// Read next: host_tests.cpp, machine_tests.cpp.
#pragma once

#include "autograder/run/target.hpp"
#include "autograder/run/tests.hpp"

#include <algorithm>
#include <chrono>
#include <fmt/format.h>
#include <map>
#include <stop_token>

namespace grade {

/// Runs tests by their ids, a few at a time.
using RunOnce = std::function<Ending(std::span<const std::string> ids)>;

/// One seed's tests, until each has a verdict. An exercise that never ends costs the time of two of
/// its tests, not of all.
class Runs {
public:
    /// @param stop no other run begins when it is requested
    Runs(const TestPlan& plan, std::uint64_t seed, RunOnce run_once, const OnTest& on_test,
         std::stop_token stop = {})
        : plan_(plan), seed_(seed), run_once_(std::move(run_once)), on_test_(on_test),
          stop_(std::move(stop)) {}

    void run(std::vector<std::string> ids) {
        while (!ids.empty()) {
            const Ending ending = run_once_(ids);
            if (ending.statements.tests.empty()) {
                nothing_began(ids, ending);
                return;
            }
            for (const Statement& statement : ending.statements.tests) {
                tell(statement, ending);
                std::erase(ids, statement.id);
            }
            if (ending.statements.complete) {
                break;
            }
            if (stop_.stop_requested()) {
                return;
            }
            if (ending.timed_out) {
                give_up_with(ending.statements.tests.back().id, ids);
            }
        }
        for (const std::string& id : ids) { // it says that it came to its end, without these
            on_test_(
                {id, seed_, TestRun::Verdict::failed, {"the program has no such test"}, {}, {}, 0});
        }
    }

private:
    /// The second of an exercise's tests that does not come to an end is the last one of it.
    void give_up_with(const std::string& id, std::vector<std::string>& ids) {
        const ExerciseId exercise = plan_.find(id)->exercise;
        if (++timeouts_[exercise] < 2) {
            return;
        }
        std::erase_if(ids, [&](const std::string& other) {
            if (plan_.find(other)->exercise != exercise) {
                return false;
            }
            on_test_({other,
                      seed_,
                      TestRun::Verdict::timeout,
                      {fmt::format("not run: two tests of exercise {} before it did not come to an "
                                   "end",
                                   exercise.text())},
                      {},
                      {},
                      0});
            return true;
        });
    }

    void tell(const Statement& statement, const Ending& ending) {
        using enum TestRun::Verdict;
        TestRun test{statement.id, seed_, failed, statement.messages, statement.value, {}, 0};
        test.seconds = ending.seconds / static_cast<double>(ending.statements.tests.size());
        if (ending.statements.forged > 0) {
            test.verdict = forged;
            test.messages.insert(test.messages.begin(),
                                 "something but the tests wrote lines of the test protocol");
        } else if (statement.passed) {
            test.verdict = *statement.passed ? passed : failed;
        } else {
            test.verdict = ending.timed_out ? timeout : crashed;
            test.messages.push_back(ending.reason);
        }
        if (test.verdict != passed) {
            test.log = joined(ending.statements.other);
        }
        on_test_(test);
    }

    void nothing_began(std::span<const std::string> ids, const Ending& ending) {
        for (const std::string& id : ids) {
            on_test_({id,
                      seed_,
                      ending.timed_out ? TestRun::Verdict::timeout : TestRun::Verdict::crashed,
                      {"before the first test: " + ending.reason},
                      {},
                      joined(ending.statements.other),
                      ending.seconds});
        }
    }

    static std::string joined(const std::vector<std::string>& lines) {
        return fmt::format("{}", fmt::join(lines, "\n"));
    }

    const TestPlan& plan_;
    std::uint64_t seed_;
    std::map<ExerciseId, int> timeouts_;
    RunOnce run_once_;
    const OnTest& on_test_;
    std::stop_token stop_;
};

/// The ids of tests that have a run with this number, from 0 on.
[[nodiscard]] inline std::vector<std::string>
ids_of_round(std::span<const PlannedTest* const> tests, int round) {
    std::vector<std::string> ids;
    for (const PlannedTest* test : tests) {
        if (round < test->seeds) {
            ids.push_back(test->id);
        }
    }
    return ids;
}

} // namespace grade
