// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The lab's tests once more; if some fail, the tests of earlier labs say which exercise broke.
#include "autograder/class/integration.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <set>

namespace grade {

namespace {

constexpr double share = 0.1; ///< of the lab's points

class Silent final : public Follower {
public:
    void step(const std::string&) override {}
    void test(const TestResult&) override {}
    void partial(const Result&) override {}
};

bool is_on_machine(const TestResult& test) { return test.tier != text(Tier::host); }

/// Earlier exercises that the submission does not have.
std::vector<std::string> not_done(const Overlay& overlay, int lab) {
    std::vector<std::string> ids;
    for (const Part& part : overlay.parts()) {
        if (part.id.lab < lab && part.state != Part::State::done) {
            ids.push_back(part.id.text());
        }
    }
    return ids;
}

bool is_all_missing(const Overlay& overlay, int lab) {
    return std::ranges::all_of(overlay.parts(), [lab](const Part& part) {
        return part.id.lab == lab || part.state == Part::State::missing;
    });
}

class Integration {
public:
    Integration(const Lab& lab, const Submission& submission, const Job& job, WorkTree& tree,
                Result& result)
        : lab_(lab), submission_(submission), job_(job), tree_(tree), result_(result) {}

    void run() {
        IntegrationResult& part = result_.integration;
        part.points = result_.max * share;
        const Overlay own(lab_.base(), submission_, Overlay::Labs::all);
        const auto missing = not_done(own, lab_.plan().lab);
        const std::vector<std::string> again = passed_on_machine();
        if (is_all_missing(own, lab_.plan().lab)) {
            part.message = "no exercise of an earlier lab was handed in";
        } else if (again.empty()) {
            part.message = "no test of this lab passed on the machine";
        } else {
            Result mine = grade(lab_.manifest(), lab_.plan(), again);
            for (std::size_t i = 0; i < mine.tests.size(); ++i) { // both are in the plan's order
                mine.tests[i].score = std::min(mine.tests[i].score, result_.tests[i].score);
            }
            part.score = part.points * reached(mine) / worth(result_);
            if (reached(mine) < reached(result_)) {
                part.broke = missing.empty() ? broken_exercises() : missing;
                part.message = message(mine, !missing.empty());
            }
        }
        result_.max += part.points;
        result_.score += part.score;
    }

private:
    [[nodiscard]] Result grade(const Manifest& manifest, const TestPlan& plan,
                               std::vector<std::string> only) {
        Overlay own(lab_.base(), submission_, Overlay::Labs::all);
        Result mine = begin_result(plan, manifest, own);
        const Job job{.plan = plan,
                      .bands = lab_.bands(),
                      .sandbox = job_.sandbox,
                      .tools = job_.tools,
                      .seed = job_.seed,
                      .only = std::move(only),
                      .stop = job_.stop};
        Silent nobody;
        grade_overlay(job, own, tree_, mine, nobody);
        return mine;
    }

    [[nodiscard]] std::vector<std::string> passed_on_machine() const {
        std::vector<std::string> ids;
        for (const TestResult& test : result_.tests) {
            if (is_on_machine(test) && test.score > 0) {
                ids.push_back(test.id);
            }
        }
        return ids;
    }

    static double reached(const Result& result) {
        double sum = 0;
        for (const TestResult& test : result.tests) {
            sum += is_on_machine(test) ? test.score : 0;
        }
        return sum;
    }

    static double worth(const Result& result) {
        double sum = 0;
        for (const TestResult& test : result.tests) {
            sum += is_on_machine(test) ? test.points : 0;
        }
        return sum;
    }

    /// By the tests of the labs before, on the same system.
    [[nodiscard]] std::vector<std::string> broken_exercises() {
        std::set<std::string> broken;
        Problems ignored; // the course's files were checked
        for (const Manifest& manifest : lab_.base().manifests()) {
            if (manifest.lab >= lab_.plan().lab) {
                continue;
            }
            const TestPlan plan = read_test_plan(lab_.base().tree(), manifest, ignored);
            for (const TestResult& test : grade(manifest, plan, {}).tests) {
                if (test.status != TestStatus::passed) {
                    broken.insert(test.exercise);
                }
            }
        }
        return {broken.begin(), broken.end()};
    }

    [[nodiscard]] std::string message(const Result& mine, bool is_missing) const {
        const auto failed = std::ranges::find_if(mine.tests, [&](const TestResult& test) {
            const auto before = std::ranges::find(result_.tests, test.id, &TestResult::id);
            return is_on_machine(test) && before != result_.tests.end() &&
                   test.score < before->score;
        });
        const std::string& id = failed != mine.tests.end() ? failed->id : result_.tests[0].id;
        const std::string& what = failed != mine.tests.end() ? failed->message : mine.message;
        if (result_.integration.broke.empty()) {
            return fmt::format("{} passes with the reference, but not on this system, and no test "
                               "of an earlier lab says why: {}",
                               id, what);
        }
        return fmt::format("{} does not pass on this system: exercise {} of an earlier lab {}", id,
                           fmt::join(result_.integration.broke, ", "),
                           is_missing ? "is not done" : "does not hold");
    }

    const Lab& lab_;
    const Submission& submission_;
    const Job& job_;
    WorkTree& tree_;
    Result& result_;
};

} // namespace

void integrate(const Lab& lab, const Submission& submission, const Job& job, WorkTree& tree,
               Result& result) {
    if (lab.plan().lab > 1) {
        Integration(lab, submission, job, tree, result).run();
    }
}

} // namespace grade
