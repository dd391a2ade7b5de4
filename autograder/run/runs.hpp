// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What host and machine tests have in common: tests with the same seed go into one run; where a
/// run breaks off, the next takes up what is left.
/// Read next: host_tests.cpp, machine_tests.cpp.
#pragma once

#include "autograder/run/endless.hpp"
#include "autograder/run/target.hpp"
#include "autograder/run/tests.hpp"

#include <algorithm>
#include <chrono>
#include <fmt/format.h>
#include <stop_token>

namespace grade {

/// Runs tests by their ids, a few at a time.
using RunOnce = std::function<Ending(std::span<const std::string> ids)>;

/// One seed's tests, until each has a verdict.
class Runs {
public:
    /// @param endless what other seeds' runs have shown
    /// @param stop no other run begins when it is requested
    Runs(const TestPlan& plan, std::uint64_t seed, Endless& endless, RunOnce run_once,
         const OnTest& on_test, std::stop_token stop = {})
        : plan_(plan), seed_(seed), endless_(endless), run_once_(std::move(run_once)),
          on_test_(on_test), stop_(std::move(stop)) {}

    void run(std::vector<std::string> ids) {
        leave_out_endless(ids);
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
                endless_.note(plan_.find(ending.statements.tests.back().id)->exercise);
                leave_out_endless(ids);
            }
        }
        for (const std::string& id : ids) { // it says that it came to its end, without these
            on_test_(
                {id, seed_, TestRun::Verdict::failed, {"the program has no such test"}, {}, {}, 0});
        }
    }

private:
    void leave_out_endless(std::vector<std::string>& ids) {
        std::erase_if(ids, [&](const std::string& id) {
            const ExerciseId exercise = plan_.find(id)->exercise;
            if (!endless_.has_given_up(exercise)) {
                return false;
            }
            on_test_({id, seed_, TestRun::Verdict::timeout, {endless_.why(exercise)}, {}, {}, 0});
            return true;
        });
    }

    void tell(const Statement& statement, const Ending& ending) {
        using enum TestRun::Verdict;
        TestRun test{statement.id, seed_, failed, statement.messages, statement.value, {}, 0};
        test.seconds = ending.seconds / static_cast<double>(ending.statements.tests.size());
        if (!ending.changed.empty()) {
            test.verdict = forged;
            test.messages.insert(test.messages.begin(), ending.changed);
        } else if (ending.statements.forged > 0) {
            test.verdict = forged;
            test.messages.insert(test.messages.begin(),
                                 "something but the tests wrote lines of the test protocol");
        } else if (statement.passed) {
            test.verdict = *statement.passed ? passed : failed;
        } else {
            test.verdict = ending.timed_out ? timeout : crashed;
            test.messages.push_back(reason_of(ending));
            add_explanation(test.messages, ending);
        }
        if (test.verdict != passed) {
            test.log = joined(ending.statements.other);
        }
        on_test_(test);
    }

    void nothing_began(std::span<const std::string> ids, const Ending& ending) {
        if (ending.timed_out) {
            endless_.note_start();
        }
        for (const std::string& id : ids) {
            TestRun test{id, seed_, TestRun::Verdict::crashed, {}, {}, {}, ending.seconds};
            if (ending.timed_out) {
                test.verdict = TestRun::Verdict::timeout;
            }
            test.messages.push_back("before the first test: " +
                                    (ending.changed.empty() ? reason_of(ending) : ending.changed));
            add_explanation(test.messages, ending);
            test.log = joined(ending.statements.other);
            on_test_(test);
        }
    }

    /// With the headline of what explains it.
    static std::string reason_of(const Ending& ending) {
        return ending.explanation.empty()
                   ? ending.reason
                   : fmt::format("{}; {}", ending.reason, ending.explanation.front());
    }

    static void add_explanation(std::vector<std::string>& messages, const Ending& ending) {
        for (std::size_t i = 1; i < ending.explanation.size(); ++i) {
            messages.push_back(ending.explanation[i]);
        }
    }

    static std::string joined(const std::vector<std::string>& lines) {
        return fmt::format("{}", fmt::join(lines, "\n"));
    }

    const TestPlan& plan_;
    std::uint64_t seed_;
    Endless& endless_;
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
