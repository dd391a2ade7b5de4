// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What is taken out of a student's file, what is not, and that one exercise costs no other.
#include "autograder/overlay/splice.hpp"

#include "autograder/overlay/student_file.hpp"

#include <doctest/doctest.h>

namespace {

using namespace grade;
using State = Part::State;

const Refusals refusals({"kernel/cap/slot.hpp"});
const std::vector<ExerciseId> both = {{1, 1}, {1, 2}};

SourceFile course_file() {
    return {"kernel/a.cpp",
            "/// @file\n#include \"kernel/lib/todo.hpp\"\n\nnamespace a {\n\n"
            "// Your own helpers: begin\n// Your own helpers: end\n\n"
            "/// @lab{1.1} one\nint one(int x) { lab::todo(\"1.1\"); }\n\n"
            "int between() { return 3; }\n\n"
            "/// @lab{1.2} two\nint two() { lab::todo(\"1.2\"); }\n\n} // namespace a\n",
            false};
}

/// The course's file with one text in place of another.
std::string with(std::string_view what, std::string_view into,
                 std::string text = course_file().content) {
    const std::size_t at = text.find(what);
    REQUIRE(at != std::string::npos);
    return text.replace(at, what.size(), into);
}

constexpr std::string_view hole_1 = "{ lab::todo(\"1.1\"); }";
constexpr std::string_view hole_2 = "{ lab::todo(\"1.2\"); }";

Spliced of(const std::string& student) {
    return splice(course_file(), nullptr, &student, both, refusals);
}

TEST_CASE("splice: a body is taken, what stands around it is not") {
    const std::string student =
        with(hole_1, "{\n    return between() + x;\n}", with("return 3", "return 4"));
    const Spliced result = of(student);
    CHECK(result.parts.at(0).state == State::done);
    CHECK(result.parts.at(0).lines == 1);
    CHECK(result.parts.at(1).state == State::hole);
    CHECK(result.text == with(hole_1, "{\n    return between() + x;\n}"));
}

TEST_CASE("splice: helpers are taken") {
    const std::string region = "begin\nint help() { return 1; }\n// Your own helpers: end";
    const std::string student = with("begin\n// Your own helpers: end", region);
    const Spliced result = of(student);
    CHECK(result.helpers.state == State::done);
    CHECK(result.text == student);
}

TEST_CASE("splice: a file that was not handed in gives holes") {
    const Spliced result = splice(course_file(), nullptr, nullptr, both, refusals);
    CHECK(result.parts.at(0).state == State::missing);
    CHECK(result.parts.at(0).message == "kernel/a.cpp was not handed in");
    CHECK(result.text == course_file().content);
}

TEST_CASE("splice: reference bodies of exercises that are wanted and not there become holes") {
    SourceFile base = course_file();
    base.content = with(hole_2, "{ return 2; }", with(hole_1, "{ return 1; }"));
    const std::string student = with(hole_1, "{ return 7; }");
    CHECK(splice(base, nullptr, &student, both, refusals).text == student);
    const std::vector<ExerciseId> first = {{1, 1}};
    CHECK(splice(base, nullptr, &student, first, refusals).text ==
          with("{ return 1; }", "{ return 7; }", base.content));
    CHECK(with_hole(base, nullptr, {1, 2}) == with("{ return 2; }", hole_2, base.content));
}

TEST_CASE("splice: a hole is one however it is laid out") {
    for (const std::string body :
         {"{\n    // later\n    lab :: todo(\n\"1.1\");}", "{lab::todo(\"1.1\");}"}) {
        CHECK(of(with(hole_1, body)).parts.at(0).state == State::hole);
    }
    CHECK(of(with(hole_1, "{ lab::todo(\"1.2\"); }")).parts.at(0).state == State::done);
    CHECK(of(with(hole_1, "{ return 1; lab::todo(\"1.1\"); }")).parts.at(0).state == State::done);
}

TEST_CASE("splice: ends of lines of other systems, and a byte order mark") {
    const std::string student = with(hole_1, "{\n    return 1;\n}");
    std::string other = "\xef\xbb\xbf";
    for (const char letter : student) {
        other += letter == '\n' ? "\r\n" : std::string(1, letter);
    }
    CHECK(of(other).text == student);
    CHECK(normalised("a\rb\r\n\rc\r") == "a\nb\n\nc\n");
}

/// Of exercise 1.1, while 1.2 is done.
void check_first(const std::string& student, State state, const std::string& says) {
    const Spliced result = of(with(hole_2, "{ return 2; }", student));
    CAPTURE(student);
    CAPTURE(result.parts.at(0).message);
    CHECK(result.parts.at(0).state == state);
    CHECK(result.parts.at(0).message.contains(says));
    CHECK(result.parts.at(1).state == State::done);
    CHECK(result.text == with(hole_2, "{ return 2; }"));
}

TEST_CASE("splice: what is missing costs nothing else") {
    check_first(with("/// @lab{1.1} one\n", ""), State::missing, "no line with the mark @lab{1.1}");
    check_first(with("int one(", "int uno("), State::missing,
                "a.cpp:9: the mark @lab{1.1} stands before `uno`, not `one`");
    check_first(with("int one(int x) " + std::string(hole_1), "int one(int x);"), State::missing,
                "it is declared here, not defined");
    check_first(with("int one(int x) " + std::string(hole_1), "struct one {};"), State::missing,
                "stands before");
    check_first(with("} // namespace a", "/// @lab{1.1} one\nint one(int x) { return 3; }\n}"),
                State::missing, "twice");
    check_first(with("@lab{1.1} one", "@lab{1.3} one"), State::missing, "no line with the mark");
}

TEST_CASE("splice: braces that do not balance cost only their own exercise") {
    check_first(with(hole_1, "{ if (x) { return 1; }"), State::missing, "do not balance");
    check_first(with(hole_1, "{ return 1; } }"), State::missing, "do not balance");
    check_first(with(hole_1, "{ return \"}; }"), State::missing, "do not balance");
    check_first(with(hole_1, "{ return 1; "), State::missing, "do not balance");
    check_first(with(hole_1, "{ if (x) } return 1; {"), State::missing, "do not balance");
}

TEST_CASE("splice: also in the last exercise of a file") {
    for (const std::string body :
         {"{ if (1) { return 2; }", "{ return 2; } }", "{ return 2; } namespace b {"}) {
        CAPTURE(body);
        const Spliced result = of(with(hole_1, "{ return 1; }", with(hole_2, body)));
        CHECK(result.parts.at(0).state == State::done);
        CHECK(result.parts.at(1).state == State::missing);
        CHECK(result.text == with(hole_1, "{ return 1; }"));
    }
}

TEST_CASE("splice: includes of the top and of helpers go to the course's") {
    const std::string own = "#include <bit>\n#include <cstdio>\n#define A 1\n";
    const std::string top = with("#include", own + "#include");
    const std::string region =
        "begin\n#include \"kernel/cap/slot.hpp\"\nint h();\n// Your own helpers: end";
    const Spliced result = of(with("begin\n// Your own helpers: end", region, top));
    const std::string course = "#include \"kernel/lib/todo.hpp\"\n";
    CHECK(result.text.contains(course + "#include <bit>\n#include \"kernel/cap/slot.hpp\"\n\n"));
    CHECK(result.text.contains("begin\n                              \nint h();\n"));
    CHECK_FALSE(result.text.contains("define"));
    CHECK_FALSE(result.text.contains("cstdio"));
    CHECK(result.warnings ==
          std::vector<std::string>{"kernel/a.cpp:3: <cstdio> cannot be included here"});
}

TEST_CASE("splice: functions may stand in another order") {
    std::string student = with("/// @lab{1.2} two\nint two() " + std::string(hole_2) + "\n\n", "");
    student = with("/// @lab{1.1}", "/// @lab{1.2} two\nint two() { return 2; }\n\n/// @lab{1.1}",
                   with(hole_1, "{ return 1; }", student));
    const Spliced result = of(student);
    CHECK(result.parts.at(0).state == State::done);
    CHECK(result.parts.at(1).state == State::done);
    CHECK(result.text == with(hole_1, "{ return 1; }", with(hole_2, "{ return 2; }")));
}

TEST_CASE("splice: a head that was changed is told") {
    const Spliced result = of(with("one(int x)", "one(long y)", with(hole_1, "{ return 1; }")));
    CHECK(result.parts.at(0).state == State::done);
    CHECK(result.parts.at(0).message ==
          "kernel/a.cpp:9: the head of `one` was changed; the course's was used");
    CHECK(result.text == with(hole_1, "{ return 1; }"));
}

TEST_CASE("splice: what is refused has its line, and costs nothing else") {
    check_first(with(hole_1, "{\n    return\n    __builtin_alloca(1);\n}"), State::refused,
                "kernel/a.cpp:12: `__builtin_alloca`");
    check_first(with(hole_1, "{\n#define int long\n}"), State::refused,
                "kernel/a.cpp:11: no preprocessor");
    check_first(with(hole_1, "{ /* @lab{1.4} */ }"), State::refused, "marks");
    check_first(with(hole_1, "{\n// Your own helpers: end\n}"), State::refused, "marks");
}

TEST_CASE("splice: helpers that cannot be taken") {
    const auto helpers = [](std::string_view region) {
        const Spliced result = of(with("// Your own helpers: begin\n// Your own helpers: end\n",
                                       region, with(hole_1, "{ return 1; }")));
        CHECK(result.parts.at(0).state == State::done);
        CHECK(result.text == with(hole_1, "{ return 1; }"));
        return result.helpers;
    };
    CHECK(helpers("").message.contains("must have one line"));
    CHECK(helpers("// Your own helpers: end\n// Your own helpers: begin\n").state ==
          State::missing);
    CHECK(helpers(
              "// Your own helpers: begin\n// Your own helpers: begin\n// Your own helpers: end\n")
              .state == State::missing);
    const Part part =
        helpers("// Your own helpers: begin\nint a;\nextern int b;\n// Your own helpers: end\n");
    CHECK(part.state == State::refused);
    CHECK(part.message.contains("kernel/a.cpp:8: `extern`"));
    CHECK(helpers("// Your own helpers: begin\n}\n// Your own helpers: end\n").state ==
          State::refused);
}

TEST_CASE("splice: what a comment or a raw string swallows is not there") {
    for (const std::string opener : {"/*", "R\"x("}) {
        const Spliced result =
            of(with("/// @lab{1.2}", opener + "\n/// @lab{1.2}", with(hole_1, "{ return 1; }")));
        CHECK(result.parts.at(0).state == State::done);
        CHECK(result.parts.at(1).state == State::missing);
        CHECK(result.text.ends_with("two() { lab::todo(\"1.2\"); }\n\n} // namespace a\n"));
    }
}

} // namespace
