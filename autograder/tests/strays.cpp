// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Helpers that stand where nothing is graded, and what is said of them beside a compiler's
/// message.
#include "autograder/run/strays.hpp"

#include <doctest/doctest.h>

namespace {

using namespace grade;

const std::vector<Overlay::Stray> strays = {
    {"kernel/a.cpp", 7, "int twice(int n) {"},
    {"kernel/a.cpp", 8, "return 2 * n;"},
    {"kernel/a.cpp", 12, "#define LIMIT 3"},
};

} // namespace

TEST_CASE("strays: a name in quotes that a line outside has is told with its place") {
    for (const char* message : {"use of undeclared identifier 'twice'; did you mean 'thrice'?",
                                "\xe2\x80\x98twice\xe2\x80\x99 was not declared in this scope"}) {
        const std::string hint = hint_at_strays(message, strays);
        CHECK(hint.contains("`twice` stands in kernel/a.cpp:7, which is not graded"));
        CHECK(hint.contains("// Your own helpers: begin"));
    }
    CHECK(hint_at_strays("use of undeclared identifier 'LIMIT'", strays).contains("a.cpp:12"));
}

TEST_CASE("strays: other names, other words and broken quotes say nothing") {
    for (const char* message :
         {"use of undeclared identifier 'twic'", "expected ';' after expression", "twice", "", "'",
          "no member named 'twice", "''", "'int *'"}) {
        CHECK_MESSAGE(hint_at_strays(message, strays).empty(), message);
    }
}

TEST_CASE("strays: lines that were added outside of exercises and helpers") {
    const std::string frame = "#include \"kernel/lib/todo.hpp\"\n\n// Your own helpers: begin\n// "
                              "Your own helpers: end\n\n/// @lab{1.1} one\nint one() ";
    const SourceFile course{"kernel/a.cpp", frame + "{ lab::todo(\"1.1\"); }\n", false};
    CHECK(added_lines(course, frame + "{\n    return 1;\n}\n").empty());
    const auto added =
        added_lines(course, "int twice(int n);\n" + frame + "{ return 1; }\nint x;\n");
    REQUIRE(added.size() == 2);
    CHECK(added[0].line == 1);
    CHECK(added[0].text == "int twice(int n);");
    CHECK(added[1].line == 9);
}
