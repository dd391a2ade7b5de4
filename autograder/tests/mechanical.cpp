// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Which mutants the machine makes of a body.
#include "autograder/check/mechanical.hpp"

#include <algorithm>
#include <doctest/doctest.h>

namespace {

using grade::Mutant;

/// The mutants of exercise 1.1 of this file.
std::vector<Mutant> mutants_of(const std::string& path, const std::string& content) {
    grade::Problems problems;
    const grade::StageText text{path, path, content, {}, false};
    const auto exercises = grade::find_exercises(text, problems);
    REQUIRE(exercises.size() == 1);
    return grade::mechanical_mutants({&text, exercises[0]});
}

std::vector<Mutant> of_body(const std::string& body) {
    return mutants_of("lib/a.cpp", "// Your own helpers: begin\n// Your own helpers: end\n"
                                   "/// @lab{1.1} do it\nint f(int a, int b) {\n" +
                                       body + "}\n");
}

bool has(const std::vector<Mutant>& mutants, const std::string& what, const std::string& body) {
    return std::ranges::any_of(mutants, [&](const Mutant& mutant) {
        return mutant.what == what && mutant.with.contains(body);
    });
}

} // namespace

TEST_CASE("mechanical: operators, constants and conditions, with their line") {
    const auto mutants = of_body("    while (a < 10)\n        a <<= 2;\n    return a && b;\n");
    CHECK(has(mutants, "<= instead of <: while (a < 10)", "while (a <= 10)"));
    CHECK(has(mutants, "11 instead of 10: while (a < 10)", "while (a < 11)"));
    CHECK(has(mutants, "the opposite: while (a < 10)", "while (!(a < 10))"));
    CHECK(has(mutants, ">> instead of <<: a <<= 2;", "a >>= 2;"));
    CHECK(has(mutants, "|| instead of &&: return a && b;", "return a || b;"));
}

TEST_CASE("mechanical: statements are left out and exchanged, but a value is still returned") {
    const auto mutants = of_body("    a = b;\n    b = a;\n    return a;\n");
    CHECK(has(mutants, "left out: a = b;", "{\n    ;\n    b = a;"));
    CHECK(has(mutants, "exchanged with the next: a = b;", "b = a;\n    a = b;\n    return"));
    CHECK(mutants.size() == 3);
}

TEST_CASE("mechanical: a value in braces does not end a statement") {
    const auto mutants = of_body("    a = int{b};\n    if (a == 0) {\n        return {};\n    }\n");
    CHECK(has(mutants, "left out: a = int{b};", "{\n    ;\n    if"));
    CHECK_FALSE(has(mutants, "left out: ;", ""));
    const auto behind = of_body("    f([] { return 1; });\n    const auto g = [] { f(); };\n");
    CHECK_FALSE(has(behind, "left out: ;", ""));
}

TEST_CASE("mechanical: no two mutants are told alike") {
    const auto mutants = of_body("    return a + b + a;\n");
    REQUIRE(mutants.size() == 2);
    CHECK(mutants[0].what == "- instead of +: return a + b + a;");
    CHECK(mutants[1].what == "- instead of +: return a + b + a; (2)");
}

TEST_CASE("mechanical: in assembler instructions are left out, and nothing else") {
    const auto mutants = mutants_of("lib/a.S", "# @lab{1.1} do it\n#define A 1\n    .text\nhere:\n"
                                               "    li a0, A    # note: it\n    .word 0x200073\n");
    REQUIRE(mutants.size() == 2);
    CHECK(mutants[0].what == "left out: li a0, A");
    CHECK(mutants[1].what == "left out: .word 0x200073");
    CHECK(mutants[1].with.ends_with("# note: it\n    \n"));
}
