// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Names, goals and paths in texts.
#include "autograder/derive/words.hpp"

#include <algorithm>
#include <doctest/doctest.h>

namespace {

std::string joined(const std::vector<grade::Name>& names) {
    std::string result;
    for (const grade::Name& name : names) {
        result += std::string(name.text) + ":" + std::to_string(name.line) + " ";
    }
    return result;
}

TEST_CASE("words: code and prose of C++") {
    const std::string text = "int a_b = f(\"in_text\"); // in_comment\n#include \"in_path\"\n"
                             "#define IN_MACRO 1";
    CHECK(joined(names_in_code(grade::Language::c_like, text)) ==
          "int:1 a_b:1 define:3 IN_MACRO:3 ");
    CHECK(joined(names_in_prose(grade::Language::c_like, text)) == "in_text:1 in_comment:1 ");
}

TEST_CASE("words: comments of make, shell and Python") {
    CHECK(joined(names_in_prose(grade::Language::hash, "a: ## to_do\n$(#x_y)\n# z_z")) ==
          "to_do:1 z_z:3 ");
    CHECK(joined(names_in_code(grade::Language::hash, "\"\"\"a_a\nb_b\n\"\"\"\nc_c = '#d_d'\n")) ==
          "c_c:4 d_d:4 ");
}

TEST_CASE("words: what looks like a name in prose") {
    const std::string text = "Word TLS TLSes x_y Sv39 runQueue RunQueue `word` `two words` f(x) "
                             "call() NAME=1 name=1 `next-word` `a/word`";
    CHECK(joined(names_in_prose(grade::Language::prose, text)) ==
          "TLSes:1 x_y:1 Sv39:1 runQueue:1 RunQueue:1 word:1 two:1 words:1 call:1 NAME:1 ");
}

TEST_CASE("words: goals") {
    CHECK(joined(grade::goals_defined("module.mk", ".PHONY: a b\nlint fmt: x ## y\nv := 1\n"
                                                   "next-lab:\n\trun: it\n")) ==
          "lint:2 fmt:2 next-lab:4 ");
    CHECK(grade::goals_defined("a.yml", "a: b\n").empty());
    CHECK(joined(grade::goals_mentioned(
              "Say make lint, `fmt`, `to-do` or\n`make next-lab LAB=1`.\n")) ==
          "lint:1 to-do:1 next-lab:2 ");
}

TEST_CASE("words: paths and the ways to name one") {
    CHECK(joined(grade::paths_mentioned("See ./a/b.hpp, c.cpp. Or /d/e/ and x-y...\n")) ==
          "a/b.hpp:1 c.cpp:1 d/e/:1 x-y:1 ");
    auto ways = grade::ways_to_name("a/b/c/d.hpp");
    std::ranges::sort(ways);
    CHECK(ways == std::vector<std::string>{"a/", "a/b", "a/b/c", "a/b/c/d.hpp", "b/c", "b/c/d.hpp",
                                           "c/d.hpp", "d.hpp"});
    CHECK(grade::ways_to_name("Makefile").empty());
}

} // namespace
