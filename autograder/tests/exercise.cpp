// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Marks, holes, helper regions, and the manifests that must agree with them.
#include "autograder/source/manifest.hpp"
#include "autograder/tests/sources.hpp"

#include <doctest/doctest.h>

namespace {

/// What stands behind the mark in the starter.
std::string starter_of(const std::string& definition) {
    const Derived result = derive_from({{"lib/a.cpp", with_exercise(definition)}}, 1);
    INFO(result.all_problems());
    CHECK(result.problems.empty());
    const std::string& text = result.files.at("lib/a.cpp");
    return text.substr(text.find("do it\n") + 6);
}

std::string problems_of(const std::string& text) {
    return derive_from({{"lib/a.cpp", text}}, 1).all_problems();
}

TEST_CASE("hole: laid out as clang-format does") {
    CHECK(starter_of("int f(int a) {\n    return a;\n}\n") ==
          "int f(int a) { lab::todo(\"1.1\"); }\n");
}

TEST_CASE("hole: of its own lines where the function has several, or is too long for one") {
    CHECK(starter_of("int f(int a,\n      int b) {\n    return a;\n}\n") ==
          "int f(int a,\n      int b) {\n    lab::todo(\"1.1\");\n}\n");
    CHECK(starter_of("template <class T>\nT f(T a) {\n    return a;\n}\nint g();\n") ==
          "template <class T>\nT f(T a) {\n    lab::todo(\"1.1\");\n}\nint g();\n");
    const std::string name(80, 'f');
    CHECK(starter_of("int " + name + "() {\n}\n") ==
          "int " + name + "() {\n    lab::todo(\"1.1\");\n}\n");
}

TEST_CASE("hole: the doc comment goes on below the mark") {
    CHECK(
        starter_of("/// @pre a is even\n/// @return half of it\nint f(int a) {\n    return a;\n}\n")
            .starts_with("/// @pre a is even\n/// @return half of it\nint f(int a) {"));
}

TEST_CASE("hole: members of classes are indented") {
    const std::string text = "/// @file\n/// @stage{1}\n#include \"lib/todo.hpp\"\n"
                             "// Your own helpers: begin\n// Your own helpers: end\nstruct A {\n"
                             "    /// @lab{1.1} do it\n    A(int a,\n      int b) : a_(a) {\n"
                             "        b_ = b;\n    }\n};\n";
    const Derived result = derive_from({{"lib/a.hpp", text}}, 1);
    CHECK(result.problems.empty());
    CHECK(result.files.at("lib/a.hpp")
              .ends_with(": a_(a) {\n        lab::todo(\"1.1\");\n    }\n};\n"));
}

TEST_CASE("hole: only of the starter's own lab") {
    const std::string text = with_exercise("int f() {\n    return 1;\n}\n\n/// @cond LAB2\n"
                                           "/// @lab{2.1} more\nint g() {\n    return 2;\n}\n"
                                           "/// @endcond\n");
    const auto file = [&](int lab, grade::Kind kind) {
        const Derived result = derive_from({{"lib/a.cpp", text}}, lab, kind);
        CHECK(result.problems.empty());
        return result.files.at("lib/a.cpp");
    };
    CHECK(file(1, grade::Kind::starter).ends_with("f() { lab::todo(\"1.1\"); }\n"));
    CHECK(file(1, grade::Kind::solution).ends_with("f() {\n    return 1;\n}\n"));
    CHECK(file(2, grade::Kind::starter)
              .ends_with("f() {\n    return 1;\n}\n\n/// @lab{2.1} more\nint g() { "
                         "lab::todo(\"2.1\"); }\n"));
    CHECK(file(3, grade::Kind::starter).ends_with("int g() {\n    return 2;\n}\n"));
}

TEST_CASE("mark: form and place") {
    for (const std::string mark : {"/// @lab{1.1}", "// @lab{1.1} do", "/// @lab 1.1 do",
                                   "/// @lab{8.1} do", "/// see @lab{1.1} do"}) {
        CAPTURE(mark);
        CHECK(problems_of(with_exercise("int f() {\n}\n") + mark + "\nint g() {\n}\n")
                  .contains("lib/a.cpp:9: bad mark"));
    }
    CHECK(
        problems_of(with_exercise("int f();\n")).contains("a.cpp:6: exercise 1.1: it is declared"));
    CHECK(problems_of(with_exercise("int f() {\n}\n/// @lab{1.1} again\nint g() {\n}\n"))
              .contains("marked twice"));
}

TEST_CASE("mark: an exercise first exists in its own lab") {
    const std::string late = with_exercise("int f() {\n}\n/// @lab{2.1} early\nint g() {\n}\n");
    CHECK(problems_of(late).contains("a.cpp:9: exercise 2.1: first exists in lab 1, not in lab 2"));
}

TEST_CASE("mark: an exercise is the same in every stage, but for what is in none") {
    const auto with = [](const std::string& condition) {
        return problems_of(with_exercise("int f() {\n    int a = 1;\n    /// @cond " + condition +
                                         "\n    a = 2;\n    /// @endcond\n    return a;\n}\n"));
    };
    CHECK(with("LAB4").contains("exercise 1.1: is not the same in lab 1 and in lab 7"));
    CHECK(with("NONE").empty());
}

TEST_CASE("helpers: one region where there are exercises, none elsewhere") {
    const std::string good = with_exercise("int f() {\n}\n");
    const std::string begin = "// Your own helpers: begin\n";
    const std::string end = "// Your own helpers: end\n";
    std::string without = good;
    without.erase(without.find(end), end.size());
    CHECK(problems_of(without).contains("exactly one region"));
    CHECK(problems_of(good + begin + end).contains("exactly one region"));
    CHECK(problems_of("int a;\n" + begin + end).contains("no region"));
}

TEST_CASE("helpers: a file with exercises includes what its holes call") {
    std::string text = with_exercise("int f() {\n}\n");
    text.erase(text.find("#include"), text.find("// Your") - text.find("#include"));
    CHECK(problems_of(text).contains("needs #include"));
}

std::string manifest(const std::string& changed = "", const std::string& into = "") {
    std::string text = "title = \"Lists\"\nhours = [1, 2]\n\n[[exercise]]\nid = \"1.1\"\n"
                       "function = \"f\"\nfile = \"lib/a.cpp\"\npoints = 10\ndifficulty = 1\n"
                       "reference_lines = 1\n";
    if (!changed.empty()) {
        text.replace(text.find(changed), changed.size(), into);
    }
    return text;
}

std::string problems_with(const std::string& manifest_text) {
    return derive_from({{"lib/a.cpp", with_exercise("int f() {\n    // why\n    return 1;\n}\n")},
                        {"labs/1-list/manifest.toml", manifest_text}},
                       1)
        .all_problems();
}

TEST_CASE("manifest: agrees with the marks") {
    CHECK(problems_with(manifest()).empty());
    CHECK(problems_with(manifest("\"f\"", "\"Space::f\"")).empty());
    CHECK(problems_with(manifest("\"f\"", "\"g\"")).contains("marks the function f"));
    CHECK(problems_with(manifest("function", "type")).contains("marks the function f"));
    CHECK(problems_with(manifest("a.cpp", "b.cpp")).contains("file = \"lib/a.cpp\""));
    CHECK(problems_with(manifest("1.1", "1.2")).contains("exercise 1.2 has no mark"));
    CHECK(problems_with(manifest("1.1", "1.2")).contains("exercise 1.1 is not in labs/1-list"));
    CHECK(problems_with(manifest("_lines = 1", "_lines = 9")).contains("reference_lines = 1"));
}

TEST_CASE("manifest: its form") {
    CHECK(problems_with(manifest("points = 10", "")).contains("needs `points`"));
    CHECK(problems_with(manifest("points = 10", "point = 10")).contains("`point` is no key"));
    CHECK(problems_with(manifest("ty = 1", "ty = 6")).contains("needs `difficulty`, 1 to 5"));
    CHECK(problems_with(manifest("1.1", "2.1")).contains("an id here is \"1.1\""));
    CHECK(problems_with(manifest("hours = [1, 2]", "")).contains("hours = [least, most]"));
    CHECK(problems_with("title = ").contains("labs/1-list/manifest.toml:1:"));
}

TEST_CASE("manifest: code lines are counted without comments") {
    CHECK(grade::count_code_lines("a;\n\n// b\n/* c\n */ d; e;\n\"f\"\n\"g\"\n") == 4);
}

TEST_CASE("skeleton: takes the place of a file, and must be there") {
    const std::string entry = "# Entry.\n# @stage{2}\n# @lab{2.1} save registers\nsd a0, 0(sp)\n";
    const std::string skeleton = "# Entry.\n# @stage{2}\n# @lab{2.1} save registers\nnop\n";
    const Derived without = derive_from({{"lib/entry.S", entry}}, 2);
    CHECK(without.only_says("must be written: labs/2-.../starter/lib/entry.S"));
    const Files files = {{"lib/entry.S", entry}, {"labs/2-trap/starter/lib/entry.S", skeleton}};
    const Derived starter = derive_from(files, 2);
    CHECK(starter.problems.empty());
    CHECK(starter.files.at("lib/entry.S") == skeleton);
    CHECK(derive_from(files, 2, grade::Kind::solution).files.at("lib/entry.S") == entry);
    CHECK(derive_from(files, 3).files.at("lib/entry.S") == entry);
}

TEST_CASE("skeleton: of a file with a type, it has all marks of that file") {
    const std::string head = "/// @file\n/// @stage{2}\n#include \"lib/todo.hpp\"\n"
                             "// Your own helpers: begin\n// Your own helpers: end\n";
    const std::string type = "/// @lab{2.1} a ring\nstruct Ring {\n    int size;\n};\n";
    const std::string function = "/// @lab{2.2} push\nvoid push() {\n}\n";
    const auto with_skeleton = [&](const std::string& skeleton) {
        return derive_from({{"lib/ring.hpp", head + type + function},
                            {"labs/2-ring/starter/lib/ring.hpp", skeleton}},
                           2)
            .all_problems();
    };
    CHECK(with_skeleton(head + "/// @lab{2.1} a ring\nstruct Ring {};\n" + function).empty());
    CHECK(with_skeleton(head + "/// @lab{2.1} a ring\nstruct Ring {};\n")
              .contains("lacks exercise 2.2"));
    CHECK(derive_from({{"labs/2-ring/starter/lib/b.hpp", "int b;\n"}}, 2)
              .only_says("is a skeleton, but no exercise"));
}

} // namespace
