// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What is a comment, a string or a directive decides what is code.
#include "autograder/source/lexer.hpp"

#include <doctest/doctest.h>
#include <string>

namespace {

/// The tokens of one kind, each followed by a bar.
std::string of_kind(grade::Token::Kind kind, std::string_view text) {
    std::string result;
    for (const grade::Token& token : grade::lex(text)) {
        result += token.kind == kind ? std::string(token.text) + "|" : "";
    }
    return result;
}

using enum grade::Token::Kind;

TEST_CASE("lexer: comments end where C++ says") {
    CHECK(of_kind(comment, "a // b\nc /* d\n e */ f") == "// b|/* d\n e */|");
    CHECK(of_kind(comment, "// goes \\\n on\nx") == "// goes \\\n on|");
    CHECK(of_kind(comment, R"(s = "// none"; c = '"'; // one)") == "// one|");
    CHECK(of_kind(comment, "/* open") == "/* open|");
}

TEST_CASE("lexer: strings and characters hide braces and quotes") {
    CHECK(of_kind(string, R"(f("a\"}{", u8"b", '}'))") == R"("a\"}{"|"b"|)");
    CHECK(of_kind(character, R"('}' '\'' '"')") == R"('}'|'\''|'"'|)");
    CHECK(of_kind(punctuation, R"(x = "{" + '}';)") == "=|+|;|");
}

TEST_CASE("lexer: raw strings end at their own delimiter") {
    CHECK(of_kind(string, "R\"(a)\" )\" b") == "R\"(a)\"|\" b|");
    CHECK(of_kind(string, "u8R\"x(a)\" \\ )y\" )x\" b") == "u8R\"x(a)\" \\ )y\" )x\"|");
}

TEST_CASE("lexer: a directive is one token over its lines, without its comment") {
    CHECK(of_kind(directive, "#define A(x) \\\n  {x\nb #c") == "#define A(x) \\\n  {x|");
    CHECK(of_kind(directive, "  #include \"a//b\" // why") == "#include \"a//b\" |");
    CHECK(of_kind(comment, "#if A /* why */\n") == "/* why */|");
}

TEST_CASE("lexer: assembler has # comments") {
    CHECK(of_kind(comment, "# head\n#\nmv a0, a1 # don't\n#include \"x\"\n") ==
          "# head|#|# don't|");
}

TEST_CASE("lexer: numbers keep their separators and exponents") {
    CHECK(of_kind(number, "1'000 0x1.8p-3 .5f 1e+9 a1 2-1") == "1'000|0x1.8p-3|.5f|1e+9|2|1|");
}

TEST_CASE("lexer: tokens know their line") {
    const auto tokens = grade::lex("a\n/* b\n */ c R\"(\n)\" d");
    CHECK(tokens[0].line == 1);
    CHECK(tokens[1].line == 2);
    CHECK(tokens[2].line == 3);
    CHECK(tokens[4].line == 4);
}

TEST_CASE("lexer: the path that is included") {
    CHECK(grade::included_path("#include \"a/b.hpp\"") == "a/b.hpp");
    CHECK(grade::included_path("# include \"a\"") == "a");
    CHECK(grade::included_path("#include <vector>").empty());
    CHECK(grade::included_path("#define X \"a\"").empty());
}

} // namespace
