// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Tests in the order of the new result, then those that are gone.
#include "autograder/class/score_changes.hpp"

#include "autograder/report/csv.hpp"

#include <algorithm>
#include <cmath>

namespace grade {

namespace {

constexpr double nothing = 0.005; ///< less is not shown

const TestResult* find(const Result& result, const std::string& id) {
    const auto found = std::ranges::find(result.tests, id, &TestResult::id);
    return found == result.tests.end() ? nullptr : &*found;
}

} // namespace

std::vector<ScoreChange> score_changes(const Result& before, const Result& now) {
    std::vector<ScoreChange> changes;
    const auto add = [&](std::string test, double old_score, double score, std::string message) {
        if (std::abs(score - old_score) >= nothing) {
            changes.push_back(
                {now.submission.id, std::move(test), old_score, score, std::move(message)});
        }
    };
    for (const TestResult& test : now.tests) {
        const TestResult* const old = find(before, test.id);
        add(test.id, old == nullptr ? 0 : old->score, test.score, test.message);
    }
    for (const TestResult& test : before.tests) {
        if (find(now, test.id) == nullptr) {
            add(test.id, test.score, 0, "this test is gone");
        }
    }
    add("integration", before.integration.score, now.integration.score, now.integration.message);
    add("total", total(before).points, total(now).points, {});
    return changes;
}

std::string changes_csv(std::span<const ScoreChange> changes) {
    std::string out = csv_line({"submission", "test", "before", "now", "change", "message"});
    for (const ScoreChange& change : changes) {
        out += csv_line({change.student, change.test, points_text(change.before),
                         points_text(change.now), points_text(change.now - change.before),
                         change.message});
    }
    return out;
}

} // namespace grade
