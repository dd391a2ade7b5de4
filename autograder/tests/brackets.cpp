// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Which lines a stage has, and how the seams look.
#include "autograder/tests/sources.hpp"

#include <doctest/doctest.h>
#include <fmt/core.h>

namespace {

const std::string head = "/// @file\n/// @stage{1}\n";

std::string derived(const std::string& text, int lab) {
    const Derived result = derive_from({{"a.hpp", head + text}}, lab);
    INFO(result.all_problems());
    CHECK(result.problems.empty());
    return result.files.at("a.hpp").substr(head.size());
}

std::string problem(const std::string& path, const std::string& text) {
    return derive_from({{path, text}}, 1).all_problems();
}

TEST_CASE("brackets: lines exist from their stage on, markers in none") {
    const std::string text = "int a;\n/// @cond LAB3\nint b;\n/// @endcond\nint c;\n";
    CHECK(derived(text, 2) == "int a;\nint c;\n");
    CHECK(derived(text, 3) == "int a;\nint b;\nint c;\n");
}

TEST_CASE("brackets: they nest, the later stage counts") {
    const std::string text = "int a;\n/// @cond LAB3\nint b;\n    /// @cond LAB5\nint c;\n"
                             "    /// @endcond\nint d;\n/// @endcond\n";
    CHECK(derived(text, 2) == "int a;\n");
    CHECK(derived(text, 4) == "int a;\nint b;\nint d;\n");
    CHECK(derived(text, 5) == "int a;\nint b;\nint c;\nint d;\n");
}

TEST_CASE("brackets: NONE is in no lab") {
    CHECK(derived("int a;\n/// @cond NONE\nint b;\n/// @endcond\n", 7) == "int a;\n");
}

TEST_CASE("brackets: seams leave no double empty line and none at the end of a block") {
    CHECK(derived("int a;\n\n/// @cond LAB2\nint b;\n/// @endcond\n\nint c;\n", 1) ==
          "int a;\n\nint c;\n");
    CHECK(
        derived("struct A {\n    int a;\n\n    /// @cond LAB2\n    int b;\n    /// @endcond\n};\n",
                1) == "struct A {\n    int a;\n};\n");
    CHECK(
        derived("struct A {\n    /// @cond LAB2\n    int b;\n    /// @endcond\n\n    int a;\n};\n",
                1) == "struct A {\n    int a;\n};\n");
    CHECK(derived("int a;\n\n/// @cond LAB2\nint b;\n/// @endcond\n", 1) == "int a;\n");
    CHECK(derived("int a;\n\n\nint b;\n", 1) == "int a;\n\n\nint b;\n");
}

TEST_CASE("brackets: each language has its own comment") {
    const Derived result = derive_from(
        {{"module.mk", "# @stage{1}\na := 1\n# @cond LAB2\nb := 2\n# @endcond\n"},
         {"README.md", "<!-- @stage{1} -->\nA\n<!-- @cond LAB2 -->\nB\n<!-- @endcond -->\n"},
         {"entry.S", "# Entry.\n# @stage{1}\nnop\n# @cond LAB2\nret\n# @endcond\n"}},
        1);
    CHECK(result.problems.empty());
    CHECK(result.files.at("module.mk") == "# @stage{1}\na := 1\n");
    CHECK(result.files.at("README.md") == "<!-- @stage{1} -->\nA\n");
    CHECK(result.files.at("entry.S") == "# Entry.\n# @stage{1}\nnop\n");
}

TEST_CASE("brackets: mistakes are told with their line") {
    CHECK(problem("a.hpp", head + "int a;\n/// @cond LAB2\nint b;\n")
              .contains("a.hpp:4: @cond without @endcond"));
    CHECK(problem("a.hpp", head + "int a;\n/// @endcond\n")
              .contains("a.hpp:4: @endcond without @cond"));
    for (const std::string marker :
         {"/// @cond LAB1", "/// @cond LAB8", "/// @cond", "// @cond LAB2", "/// @cond FPU"}) {
        CAPTURE(marker);
        CHECK(problem("a.hpp", fmt::format("{}int a;\n{}\n/// @endcond\n", head, marker))
                  .contains("a.hpp:4: write \"/// @cond LAB2\""));
    }
    CHECK(problem("a.hpp", "/// @stage{3}\nint a;\n/// @cond LAB2\n/// @endcond\n")
              .contains("leaves nothing out"));
}

TEST_CASE("stage: of a file's head, or else of its folder") {
    const Derived result = derive_from({{"a.hpp", "/// @stage{2}\nint a;\n"},
                                        {"b.hpp", "/// @stage{none}\nint b;\n"},
                                        {"lib/c.hpp", "/// @stage{3}\nint c;\n"},
                                        {"lib/d.hpp", "int d;\n"},
                                        {"labs/e.hpp", "int e;\n"}},
                                       2);
    CHECK(result.problems.empty());
    CHECK(result.files.size() == 3);
    CHECK(result.files.contains("a.hpp"));
    CHECK(result.files.contains("lib/d.hpp"));
}

TEST_CASE("stage: the longest beginning of the path counts") {
    const Derived result = derive_from(
        {{"labs/stages.toml", "[stages]\n\"labs/\" = \"staff\"\n\"labs/1-a/tests/\" = 1\n"
                              "\"lib/\" = 1\n"},
         {"labs/1-a/tests/a.cpp", "int a;\n"}},
        1);
    CHECK(result.problems.empty());
    CHECK(result.files.contains("labs/1-a/tests/a.cpp"));
}

TEST_CASE("stage: below a folder of the staff heads say nothing") {
    const Derived result = derive_from({{"labs/1-a/mutants/a.cpp", "/// @stage{1}\nint a;\n"}}, 1);
    CHECK(result.problems.empty());
    CHECK_FALSE(result.files.contains("labs/1-a/mutants/a.cpp"));
}

TEST_CASE("stage: mistakes") {
    CHECK(problem("kernel/a.hpp", "int a;\n").contains("kernel/a.hpp:1: names no stage"));
    CHECK(problem("a.hpp", "/// @stage{8}\nint a;\n").contains("a.hpp:1: a stage is 1 to 7"));
    CHECK(problem("a.hpp", "/// @stage{1}\n/// @stage{2}\nint a;\n").contains("twice"));
    CHECK(problem("a.hpp", "int a;\n/// @stage{1}\n").contains("names no stage"));
    CHECK(problem("a.hpp", head + "/// @cond LAB2\nint a;\n/// @endcond\n").contains("is empty"));
    CHECK(problem("lib/a.hpp", "").contains("is empty"));
}

} // namespace
