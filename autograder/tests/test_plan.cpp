// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Tests in a manifest and tests in the sources are the same, or somebody is told.
#include "autograder/source/test_plan.hpp"

#include <doctest/doctest.h>

using namespace grade;

namespace {

const std::string head = "title = \"One\"\nhours = [1, 2]\n[[exercise]]\nid = \"1.1\"\n"
                         "function = \"f\"\nfile = \"f.cpp\"\npoints = 5\ndifficulty = 1\n"
                         "reference_lines = 1\n";
const std::string in_manifest =
    "[[test]]\nid = \"a-test\"\nexercise = \"1.1\"\ntier = \"host\"\npoints = 5\n";
const std::string in_source = "TEST_CASE(\"a-test: that it works\") {}\n";

struct Read {
    TestPlan plan;
    std::vector<std::string> problems;
};

Read read(const std::string& manifest, const std::string& source,
          const std::string& path = "labs/1-one/tests/host/one.cpp") {
    const SourceTree tree({{"labs/1-one/manifest.toml", head + manifest}, {path, source}});
    Problems problems;
    const Manifest read = read_manifest(*tree.find("labs/1-one/manifest.toml"), 1, problems);
    Read result{read_test_plan(tree, read, problems), {}};
    for (const Problem& problem : problems.all()) {
        result.problems.push_back(problem.text);
    }
    return result;
}

bool says(const Read& read, const std::string& text) {
    return read.problems.size() == 1 && read.problems[0].contains(text);
}

} // namespace

TEST_SUITE("test plan") {
    TEST_CASE("a test has its numbers from the manifest and its title from the source") {
        const Read result = read("[run]\ncpus = 4\n" + in_manifest + "seeds = 3\n", in_source);
        CHECK(result.problems.empty());
        CHECK(result.plan.cpus == 4);
        CHECK(result.plan.folder == "labs/1-one");
        REQUIRE(result.plan.tests.size() == 1);
        CHECK(result.plan.tests[0].title == "that it works");
        CHECK(result.plan.tests[0].seeds == 3);
        CHECK(result.plan.tests[0].needs == std::vector{ExerciseId{1, 1}});
        CHECK(result.plan.find("a-test") == &result.plan.tests[0]);
        CHECK(result.plan.find("another") == nullptr);
    }

    TEST_CASE("what plays the network is a program in Python, and not for boards") {
        const std::string test =
            "[[test]]\nid = \"a-peer\"\nexercise = \"1.1\"\ntier = \"peer\"\npoints = 5\n";
        const std::string in_python = "\"\"\"It's about\n@test.\"\"\"\n"
                                      "@test(\"a-peer: that it works\")\ndef a(script):\n";
        const std::string path = "labs/1-one/tests/peer/one.py";
        const Read result =
            read("[run]\nsources = [\"lwip 2.1.3\"]\n" + test + "targets = [\"qemu\"]\n", in_python,
                 path);
        CHECK(result.problems.empty());
        CHECK(result.plan.sources == std::vector<std::string>{"lwip 2.1.3"});
        REQUIRE(result.plan.tests.size() == 1);
        CHECK(result.plan.tests[0].tier == Tier::peer);
        CHECK(result.plan.tests[0].title == "that it works");
        CHECK(result.plan.tests[0].file == path);
        CHECK(says(read(test, in_python, path), "a test of tier peer has `targets"));
        CHECK(says(read(test + "targets = [\"qemu\"]\n", in_python, "labs/1-one/tests/one.py"),
                   "there is no test \"a-peer: ...\""));
        CHECK(says(read("[run]\nsources = [\"lwip\"]\n" + in_manifest, in_source),
                   "a source package is \"NAME VERSION\""));
    }

    TEST_CASE("a board plays no network: there the test is not run, and its points are nobody's") {
        Read result = read("[run]\nsources = [\"lwip 2.1.3\"]\n"
                           "[[test]]\nid = \"a\"\nexercise = \"1.1\"\ntier = \"peer\"\n"
                           "points = 5\ntargets = [\"qemu\"]\n",
                           "@test(\"a: that it works\")\n", "labs/1-one/tests/peer/one.py");
        REQUIRE(result.problems.empty());
        result.plan.choose("qemu");
        CHECK(result.plan.tests[0].is_here);
        CHECK(result.plan.sources.size() == 1);
        result.plan.choose("serial");
        CHECK(!result.plan.tests[0].is_here);
        CHECK(result.plan.sources.empty());
    }

    TEST_CASE("what is only on one side is told") {
        CHECK(says(read(in_manifest, in_source + "TEST_CASE(\"b: more\") {}\n"), "test b is not"));
        CHECK(says(read(in_manifest, ""), "there is no test \"a-test: ...\""));
        CHECK(says(read(in_manifest, in_source + in_source), "already"));
    }

    TEST_CASE("a title is plain text") {
        CHECK(says(read(in_manifest, "TEST_CASE(\"a-test: `x` is 1\") {}\n"), "no backticks"));
    }

    TEST_CASE("points of tests are those of their exercise") {
        CHECK(says(read(in_manifest + "[[test]]\nid = \"b\"\nexercise = \"1.1\"\ntier = \"host\"\n"
                                      "points = 1\n",
                        in_source + "TEST_CASE(\"b: more\") {}\n"),
                   "exercise 1.1 has 5 points, its tests have 6"));
    }

    TEST_CASE("speed is worth a small part of a lab") {
        CHECK(says(read(in_manifest + "perf = true\n", in_source),
                   "5 of 5 points are for speed, which is more than 15 %"));
    }

    TEST_CASE("wrong values are told") {
        CHECK(says(read(in_manifest + "seeds = 0\n", in_source), "`seeds` is 1 to 100"));
        CHECK(says(read(in_manifest + "colour = 0\n", in_source), "no key of a test"));
        CHECK(says(read(in_manifest + "needs = [\"1.2\"]\n", in_source), "\"1.2\" is no exercise"));
    }
}
