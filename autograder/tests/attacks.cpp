// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Attacks are read for the lab that they are on, and those that do nothing there are refused.
#include "autograder/check/attacks.hpp"

#include "autograder/results/atomic_file.hpp"
#include "autograder/source/scratch.hpp"
#include "autograder/tests/sources.hpp"

#include <doctest/doctest.h>

namespace {

using namespace grade;

constexpr const char* code = "/// @file\n/// A.\n#include \"lib/todo.hpp\"\n"
                             "// Your own helpers: begin\n// Your own helpers: end\n"
                             "/// @lab{1.1} do it\nint f() {\n    return 7;\n}\n";
constexpr const char* manifest = "title = \"A\"\nhours = [1, 2]\n[[exercise]]\nid = \"1.1\"\n"
                                 "function = \"f\"\nfile = \"lib/a.cpp\"\npoints = 10\n"
                                 "difficulty = 1\nreference_lines = 1\n";

struct Attacks {
    std::vector<Attack> all;
    std::vector<std::string> problems;
};

/// Of a course of one lab. @param text of attacks.toml, behind `id` and `what` of the first one
Attacks attacks_of(const std::string& text, const std::filesystem::path& out = {}) {
    const SourceTree source(
        {{"labs/stages.toml", "[stages]\n\"lib/\" = 1\n\"labs/\" = \"staff\"\n", false},
         {"lib/todo.hpp", "namespace lab { [[noreturn]] void todo(const char*); }\n", false},
         {"lib/a.cpp", code, false},
         {"labs/1-a/manifest.toml", manifest, false},
         {"labs/attacks/attacks.toml", "[[attack]]\nid = \"a\"\nwhat = \"tries\"\n" + text,
          false}});
    Problems problems;
    const Course course(source, problems);
    const LabTrees trees(course, 1, 1, problems);
    REQUIRE(problems.empty());
    Attacks result{read_attacks(source, trees, problems), {}};
    for (const Problem& problem : problems.all()) {
        result.problems.push_back(problem.text);
    }
    if (!out.empty() && !result.all.empty()) {
        write_attack(result.all[0], trees, std::vector<std::string>{"lib/a.cpp"}, out);
    }
    return result;
}

/// What is wrong with one that is not read.
std::string refusal(const std::string& text) {
    const Attacks attacks = attacks_of(text);
    REQUIRE(attacks.problems.size() == 1);
    CHECK(attacks.all.empty());
    return attacks.problems[0];
}

} // namespace

TEST_CASE("attacks: what is edited must be there") {
    CHECK(attacks_of("lab = 1\nfile = \"lib/a.cpp\"\n").all.size() == 1);
    CHECK(attacks_of("lab = 1\nfile = \".stage.toml\"\n").all.size() == 1);
    CHECK(refusal("lab = 1\nfile = \"lib/b.cpp\"\n") == "attack a: there is no lib/b.cpp");
    CHECK(refusal("lab = 1\nlink = \"lib/b.cpp\"\n") == "attack a: there is no lib/b.cpp");
    CHECK(refusal("lab = 1\nhelpers = \"lib/todo.hpp\"\n") ==
          "attack a: there is no region for helpers in lib/todo.hpp");
    CHECK(refusal("lab = 1\nexercise = \"1.2\"\nbody = \"{ }\"\n") ==
          "attack a: there is no exercise 1.2");
}

TEST_CASE("attacks: one that does nothing, or contradicts itself, is none") {
    CHECK(refusal("lab = 1\n").ends_with("it does nothing"));
    CHECK(refusal("file = \"lib/a.cpp\"\n").contains("needs `id`, `what` and `lab`"));
    CHECK(refusal("lab = 1\nbody = \"{ }\"\n").contains("a body an exercise"));
    CHECK(refusal("lab = 1\nexercise = \"one\"\nbody = \"{ }\"\n").contains("a body an exercise"));
    CHECK(refusal("lab = 1\nfile = \"lib/a.cpp\"\nown_system = true\n").contains("own system"));
}

TEST_CASE("attacks: each is read for its own lab, but all are looked at") {
    const Attacks none = attacks_of("lab = 2\nfile = \"lib/b.cpp\"\n");
    CHECK(none.all.empty());
    CHECK(none.problems.empty());
    CHECK(refusal("lab = 2\n").ends_with("it does nothing"));
}

TEST_CASE("attacks: what is handed in is the reference with the attack in it") {
    const Scratch folder;
    const Attacks attacks = attacks_of("lab = 1\nexercise = \"1.1\"\nbody = \"{ return 8; }\"\n"
                                       "helpers = \"lib/a.cpp\"\ntext = \"int helper;\"\n",
                                       folder.path());
    REQUIRE(attacks.all.size() == 1);
    const std::string text = read_file(folder.path() / "lib/a.cpp", 4096).value();
    CHECK(text.contains("int f() { return 8; }\n"));
    CHECK(text.contains("helpers: begin\nint helper;\n// Your own"));
}
