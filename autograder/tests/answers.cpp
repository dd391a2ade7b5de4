// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Numbers that this machine computes judge runs; and an exercise whose tests do not come to an end
/// costs the time of two of them.
#include "autograder/run/answers.hpp"
#include "autograder/run/runs.hpp"
#include "autograder/source/scratch.hpp"

#include <doctest/doctest.h>
#include <fstream>

namespace {

using namespace grade;
using Verdict = TestRun::Verdict;
namespace fs = std::filesystem;

PlannedTest planned(const std::string& id, int exercise, bool answer) {
    PlannedTest test;
    test.id = id;
    test.exercise = {7, exercise};
    test.answer = answer;
    test.seeds = 2;
    return test;
}

TestPlan small_plan() {
    TestPlan plan;
    plan.lab = 7;
    plan.tests = {planned("sum", 1, true), planned("other", 1, false), planned("third", 1, false),
                  planned("last", 2, false)};
    return plan;
}

/// A tree in which lab7-answers is this script.
class AnswerTree {
public:
    explicit AnswerTree(const std::string& script) : tree_(scratch_.path() / "work") {
        const fs::path program = tree_.build() / "host/lab7-answers";
        fs::create_directories(program.parent_path());
        std::ofstream(program) << "#!/bin/bash\n" << script << "\n";
        fs::permissions(program, fs::perms::owner_all);
    }
    [[nodiscard]] Answers answers(std::uint64_t seed) const {
        const TestPlan plan = small_plan();
        const std::vector<const PlannedTest*> tests = {&plan.tests[0], &plan.tests[1]};
        return Answers::compute(Sandbox(Sandbox::Kind::container), tree_, plan, tests, seed);
    }

private:
    Scratch scratch_;
    WorkTree tree_;
};

TestRun run_of(const std::string& id, std::uint64_t seed, std::optional<std::uint64_t> value) {
    TestRun run;
    run.id = id;
    run.seed = seed;
    run.verdict = Verdict::passed;
    run.value = value;
    return run;
}

} // namespace

TEST_CASE("answers: a run passes only with the number that this machine computes for its seed") {
    const AnswerTree tree("for seed; do echo sum $seed $((seed * 2)); done");
    const Answers answers = tree.answers(5);
    CHECK(answers.judge(run_of("sum", 5, 10)).verdict == Verdict::passed);
    CHECK(answers.judge(run_of("sum", 6, 12)).verdict == Verdict::passed);
    const TestRun wrong = answers.judge(run_of("sum", 6, 10));
    CHECK(wrong.verdict == Verdict::failed);
    REQUIRE(wrong.messages.size() == 1);
    CHECK(wrong.messages[0].starts_with("what the machine did adds up to 10, and a model of what"));
    CHECK(answers.judge(run_of("sum", 5, std::nullopt)).verdict == Verdict::failed);
    CHECK(answers.judge(run_of("other", 5, 99)).verdict == Verdict::passed);
}

TEST_CASE("answers: a program without an answer, or that fails, is a fault of the course") {
    CHECK_THROWS_AS((void)AnswerTree("echo sum 1 1").answers(5), EnvironmentError);
    CHECK_THROWS_AS((void)AnswerTree("exit 3").answers(5), EnvironmentError);
}

TEST_CASE("answers: two tests of an exercise that do not end are enough, others still run") {
    const TestPlan plan = small_plan();
    std::vector<std::string> started;
    const auto never_ends = [&](std::span<const std::string> ids) {
        started.push_back(ids.front());
        Ending ending;
        ending.timed_out = true;
        ending.reason = "too long";
        Statement statement;
        statement.id = ids.front();
        ending.statements.tests.push_back(statement);
        return ending;
    };
    std::vector<TestRun> told;
    const OnTest on_test = [&](const TestRun& run) { told.push_back(run); };
    Endless endless;
    Runs(plan, 1, endless, never_ends, on_test).run({"sum", "other", "third", "last"});
    CHECK(started == std::vector<std::string>{"sum", "other", "last"});
    REQUIRE(told.size() == 4);
    CHECK(told[2].id == "third");
    CHECK(told[2].verdict == Verdict::timeout);
    CHECK(told[2].messages[0].starts_with("not run: two runs of tests of exercise 7.1"));

    // Another seed's run knows of it.
    started.clear();
    Runs(plan, 2, endless, never_ends, on_test).run({"sum", "last"});
    CHECK(started == std::vector<std::string>{"last"});
    REQUIRE(told.size() == 6);
    CHECK(told[4].id == "sum");
    CHECK(told[4].messages[0].starts_with("not run: "));
}

TEST_CASE("answers: when asked to stop, no other run begins behind one that broke off") {
    const TestPlan plan = small_plan();
    int started = 0;
    const auto breaks_off = [&](std::span<const std::string> ids) {
        ++started;
        Ending ending;
        ending.statements.tests.push_back({ids.front(), {}, {}, {}});
        return ending;
    };
    std::stop_source stop;
    const OnTest on_test = [&](const TestRun&) { stop.request_stop(); };
    Endless endless;
    Runs(plan, 1, endless, breaks_off, on_test, stop.get_token()).run({"sum", "other", "third"});
    CHECK(started == 1);
}
