// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Asking the program of the course.
#include "autograder/run/answers.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <sstream>

namespace grade {

bool has_answers(std::span<const PlannedTest* const> tests) {
    return std::ranges::any_of(tests, [](const PlannedTest* test) { return test->answer; });
}

Answers Answers::compute(const Sandbox& sandbox, const WorkTree& tree, const TestPlan& plan,
                         std::span<const PlannedTest* const> tests, std::uint64_t first_seed) {
    Answers answers;
    if (!has_answers(tests)) {
        return answers;
    }
    int seeds = 0;
    for (const PlannedTest* test : tests) {
        seeds = std::max(seeds, test->answer ? test->seeds : 0);
    }
    const auto program = tree.build() / fmt::format("host/lab{}-answers", plan.lab);
    Command command{.arguments = {program.string()}};
    for (int i = 0; i < seeds; ++i) {
        command.arguments.push_back(std::to_string(first_seed + static_cast<std::uint64_t>(i)));
    }
    const View view{.readonly = {program}};
    const Outcome outcome = sandbox.run(command, view, {});
    if (!outcome.succeeded()) {
        throw EnvironmentError(program.string() + " does not tell the answers: " + outcome.err);
    }
    std::istringstream lines(outcome.out);
    std::string id;
    std::uint64_t seed = 0;
    std::uint64_t number = 0;
    while (lines >> id >> seed >> number) {
        answers.numbers_[{id, seed}] = number;
    }
    for (const PlannedTest* test : tests) {
        if (test->answer && !answers.numbers_.contains({test->id, first_seed})) {
            throw EnvironmentError(
                fmt::format("{} has no answer for {}", program.string(), test->id));
        }
    }
    return answers;
}

TestRun Answers::judge(TestRun run) const {
    const auto right = numbers_.find({run.id, run.seed});
    if (right != numbers_.end() && run.verdict == TestRun::Verdict::passed &&
        run.value != right->second) {
        run.verdict = TestRun::Verdict::failed;
        run.messages.insert(
            run.messages.begin(),
            fmt::format("what the machine did adds up to {}, and a model of what is right to {}: "
                        "some step had another outcome",
                        run.value ? std::to_string(*run.value) : "nothing", right->second));
    }
    return run;
}

} // namespace grade
