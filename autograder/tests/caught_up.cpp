// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Exercises whose bodies were given count at most what the manifest says, whatever a submission
/// says of itself.
#include "autograder/run/caught_up.hpp"

#include "autograder/run/grader.hpp"
#include "autograder/source/catch_up_record.hpp"

#include <algorithm>
#include <doctest/doctest.h>

namespace {

using namespace grade;

const std::string given =
    "{\n    const int sum = left + right; // the given one\n    return sum;\n}";
const std::string renamed = "{ const int x = left+right; return x; }";
const std::string other = "{ return right + left; }";

std::string code(const std::string& body) {
    return "#include \"kernel/lib/todo.hpp\"\n\n// Your own helpers: begin\n// Your own helpers: "
           "end\n\n/// @lab{1.1} add\nint add(int left, int right) " +
           body + "\n";
}

const std::string manifest_text =
    "title = \"T\"\nhours = [1, 2]\n[[exercise]]\nid = \"1.1\"\nfunction = \"add\"\nfile = "
    "\"kernel/a.cpp\"\npoints = 10\ndifficulty = 1\nreference_lines = 2\ncatch_up = 40\n";

/// A student's exercise 1.1 and her record, marked.
Result marked(const std::string& body, const std::string& record, const GivenBodies& bodies) {
    Problems problems;
    const BaseTree base(SourceTree({{"kernel/a.cpp", code("{ lab::todo(\"1.1\"); }"), false},
                                    {"labs/1-a/manifest.toml", manifest_text, false}}),
                        1, problems);
    REQUIRE(problems.empty());
    Submission submission;
    submission.files = {{"kernel/a.cpp", code(body)}};
    if (!record.empty()) {
        submission.files.emplace(catch_up_path, record);
    }
    const Overlay overlay(base, submission, Overlay::Labs::this_one);
    TestPlan plan;
    plan.lab = 1;
    plan.tests.resize(1);
    plan.tests[0].id = "adds";
    plan.tests[0].exercise = {1, 1};
    plan.tests[0].points = 10;
    Result result = begin_result(plan, base.manifests()[0], overlay);
    mark_caught_up(result, base.manifests()[0], submission, overlay, bodies);
    const Bands bands;
    Scorer scorer(result, plan, bands);
    static_cast<void>(scorer.take({"adds", 1, TestRun::Verdict::passed, {}, {}, {}, 0}));
    scorer.add_up();
    return result;
}

const GivenBodies all_given = {{ExerciseId{1, 1}, given}};
const std::string record = "[[exercise]]\nid = \"1.1\"\nbundle = \"0123\"\n";

} // namespace

TEST_CASE("caught up: an exercise of which the tree says so counts its part") {
    const Result result = marked(other, record, {});
    CHECK(result.exercises[0].state == ExerciseState::caught_up);
    CHECK(result.exercises[0].cap == 40);
    CHECK(result.exercises[0].score == 4);
    CHECK(result.score == 4);
    CHECK(result.exercises[0].message == "caught up, says .catch-up.toml: counts 40 %");
    CHECK(marked(other, "", {}).score == 10);
    CHECK(marked(given, "", {}).score == 10);
}

TEST_CASE("caught up: a body that was given is known without a record, and with other names") {
    for (const std::string& body : {given, renamed}) {
        const Result result = marked(body, "", all_given);
        CHECK(result.score == 4);
        CHECK(result.exercises[0].message.contains(".catch-up.toml does not say"));
    }
    CHECK(marked(other, "", all_given).score == 10);
    CHECK(marked("{ return left; }", record, all_given).score == 4);
}

TEST_CASE("caught up: nonsense around a record takes nothing out of it, and adds nothing") {
    CHECK(caught_up_ids("[[[[\n  id = \"1.1\"\nid=\"2.3\" # x\nid = 1.4\nid = \"\n\x01\xff\"") ==
          std::set<ExerciseId>{{1, 1}, {2, 3}});
    CHECK(caught_up_ids("").empty());
    CHECK(caught_up_ids("id = \"1.1.1\"\nid = \"99999999.1\"\nbundle = \"1.2\"\n").empty());
    CHECK(marked(other, record + "= = [[\n\"\"\"", {}).score == 4);
}

TEST_CASE("caught up: a hole is a hole, whatever the record says") {
    const Result result = marked("{ lab::todo(\"1.1\"); }", record, all_given);
    CHECK(result.exercises[0].state == ExerciseState::hole);
    CHECK(result.exercises[0].cap == 100);
}

TEST_CASE("caught up: bodies are compared as the compiler reads them") {
    CHECK(is_given("{ return a; }", "{ /* mine */ return   b ; }", ""));
    CHECK_FALSE(is_given("{ if (a) { b(); } }", "{ while (a) { b(); } }", ""));
    CHECK_FALSE(is_given("{ return a + b; }", "{ return a + a; }", ""));
    CHECK_FALSE(is_given("{ return 1; }", "{ return 2; }", ""));
}

TEST_CASE("caught up: a long body is also known in a helper") {
    std::string inside = "int sum = 0;";
    for (int i = 0; i < 10; ++i) {
        inside += " sum += next(" + std::to_string(i) + ");";
    }
    const std::string file = "int helper() { " + inside + " return sum; }\n";
    CHECK(is_given("{ " + inside + " }", "{ return helper(); }", file));
    CHECK_FALSE(is_given("{ return sum; }", "{ return helper(); }", file));
}
