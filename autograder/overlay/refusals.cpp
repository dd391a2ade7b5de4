// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Rules for C++: words, attributes, literals. Those for includes and for assembler are in
/// include_rules.cpp and assembler_rules.cpp.
#include "autograder/overlay/refusals.hpp"

#include "autograder/overlay/literals.hpp"
#include "autograder/overlay/spelling.hpp"

#include <algorithm>
#include <array>
#include <fmt/core.h>
#include <iterator>
#include <span>
#include <vector>

namespace grade {

namespace {

using Words = std::span<const std::string_view>;

bool is_one_of(std::string_view word, Words words) {
    return std::ranges::find(words, word) != words.end();
}

constexpr auto usual_names = std::to_array<std::string_view>(
    {"__func__", "__FUNCTION__", "__PRETTY_FUNCTION__", "__FILE__", "__LINE__", "__restrict",
     "__restrict__", "__attribute__", "__attribute", "__int128", "__int128_t", "__uint128_t",
     "__typeof__", "__riscv_xlen"});

constexpr auto builtins = std::to_array<std::string_view>({"popcount",
                                                           "popcountl",
                                                           "popcountll",
                                                           "clz",
                                                           "clzl",
                                                           "clzll",
                                                           "ctz",
                                                           "ctzl",
                                                           "ctzll",
                                                           "ffs",
                                                           "ffsl",
                                                           "ffsll",
                                                           "bswap16",
                                                           "bswap32",
                                                           "bswap64",
                                                           "expect",
                                                           "unreachable",
                                                           "trap",
                                                           "prefetch",
                                                           "constant_p",
                                                           "add_overflow",
                                                           "sub_overflow",
                                                           "mul_overflow",
                                                           "assume_aligned",
                                                           "memcpy",
                                                           "memset",
                                                           "memmove",
                                                           "memcmp",
                                                           "strlen",
                                                           "offsetof",
                                                           "is_constant_evaluated",
                                                           "bit_cast",
                                                           "parity",
                                                           "parityl",
                                                           "addressof"});

constexpr auto attributes = std::to_array<std::string_view>({"nodiscard",
                                                             "maybe_unused",
                                                             "likely",
                                                             "unlikely",
                                                             "fallthrough",
                                                             "noreturn",
                                                             "assume",
                                                             "no_unique_address",
                                                             "deprecated",
                                                             "always_inline",
                                                             "noinline",
                                                             "cold",
                                                             "hot",
                                                             "flatten",
                                                             "pure",
                                                             "const",
                                                             "packed",
                                                             "aligned",
                                                             "unused",
                                                             "may_alias",
                                                             "returns_nonnull",
                                                             "nonnull",
                                                             "warn_unused_result",
                                                             "gnu_inline",
                                                             "artificial"});

std::string_view without_underscores(std::string_view name) {
    if (name.size() > 4 && name.starts_with("__") && name.ends_with("__")) {
        name = name.substr(2, name.size() - 4);
    }
    return name;
}

/// Looks at the tokens of one text that are not comments.
class Reader {
public:
    explicit Reader(std::vector<Token> tokens) : tokens_(std::move(tokens)) {}

    std::optional<Refusal> run() {
        std::string literals;
        for (at_ = 0; at_ < tokens_.size(); ++at_) {
            const Token& token = tokens_[at_];
            if (auto why = why_not(token)) {
                return Refusal{token.line, std::move(*why)};
            }
            if (token.kind == Token::Kind::string || token.kind == Token::Kind::character) {
                literals += meaning(token);
                if (literals.contains("@rel4")) {
                    return Refusal{token.line, "\"@rel4\" begins the lines of tests, which only "
                                               "tests may write"};
                }
                literals.erase(0, literals.size() - std::min<std::size_t>(literals.size(), 4));
            }
        }
        return std::nullopt;
    }

private:
    std::optional<std::string> why_not(const Token& token) const {
        if (token.is("[") && is(1, "[")) {
            return why_no_attributes(at_ + 2);
        }
        return token.kind == Token::Kind::word ? why_no_word(token.text) : std::nullopt;
    }

    std::optional<std::string> why_no_word(std::string_view word) const {
        constexpr std::string_view builtin = "__builtin_";
        if (word == "asm" || word == "__asm__" || word == "__asm") {
            return "assembler is not allowed here: the tree has functions for what only it can do";
        }
        if (word == "extern" || word == "export") {
            return fmt::format("`{}` is not allowed here: include the header that declares it",
                               word);
        }
        if (word == "_Pragma" || word == "__pragma") {
            return "no pragmas are allowed here";
        }
        if ((word == "import" || word == "module") && begins_module_line()) {
            return fmt::format("`{}` is not allowed here: this tree has no modules", word);
        }
        if (word == "__attribute__" || word == "__attribute") {
            return why_no_attributes(at_ + 1);
        }
        if (word.starts_with(builtin)) {
            return is_one_of(word.substr(builtin.size()), builtins)
                       ? std::nullopt
                       : std::optional(fmt::format("`{}` is not allowed here", word));
        }
        if (word.starts_with("__") && !is_one_of(word, usual_names)) {
            return fmt::format("`{}` is a name that only the compiler may use", word);
        }
        return std::nullopt;
    }

    [[nodiscard]] bool is(std::size_t ahead, std::string_view what) const {
        return at_ + ahead < tokens_.size() && tokens_[at_ + ahead].is(what);
    }

    /// At the beginning of its line, and not the name of a variable.
    [[nodiscard]] bool begins_module_line() const {
        const bool is_first = at_ == 0 || tokens_[at_ - 1].line < tokens_[at_].line;
        if (!is_first || at_ + 1 >= tokens_.size()) {
            return false;
        }
        const Token& next = tokens_[at_ + 1];
        return next.kind == Token::Kind::word || next.kind == Token::Kind::string || next.is("<") ||
               next.is(":") || next.is(";");
    }

    /// Names at the level of the list; arguments of attributes are looked at as all other tokens.
    [[nodiscard]] std::optional<std::string> why_no_attributes(std::size_t at) const {
        int depth = 0;
        const int list_depth = at < tokens_.size() && tokens_[at].is("(") ? 2 : 0;
        for (; at < tokens_.size(); ++at) {
            const Token& token = tokens_[at];
            depth += token.is("(") ? 1 : token.is(")") ? -1 : 0;
            if (depth < 0 || (list_depth == 0 && depth == 0 && token.is("]")) ||
                (list_depth != 0 && depth == 0)) {
                break;
            }
            const bool is_space = at + 1 < tokens_.size() &&
                                  (tokens_[at + 1].is("::") || tokens_[at - 1].is("using"));
            if (depth == list_depth && token.kind == Token::Kind::word && !is_space &&
                token.text != "using" && !is_one_of(without_underscores(token.text), attributes)) {
                return fmt::format("the attribute `{}` is not allowed here", token.text);
            }
        }
        return std::nullopt;
    }

    std::vector<Token> tokens_;
    std::size_t at_ = 0;
};

std::vector<Token> without_comments(std::span<const Token> tokens) {
    std::vector<Token> result;
    std::ranges::copy_if(tokens, std::back_inserter(result),
                         [](const Token& token) { return token.kind != Token::Kind::comment; });
    return result;
}

std::optional<Refusal> refusal_of_code(std::string_view text, std::span<const Token> tokens) {
    if (auto refusal = refusal_of_spelling(text, tokens)) {
        return refusal;
    }
    return Reader(without_comments(tokens)).run();
}

/// What stands behind a directive on its line is not read by the compiler.
std::optional<Refusal> refusal_behind_directives(std::span<const Token> tokens) {
    for (std::size_t at = 1; at < tokens.size(); ++at) {
        if (tokens[at - 1].kind == Token::Kind::directive &&
            tokens[at].line == tokens[at - 1].line && !tokens[at].text.starts_with("//")) {
            return Refusal{tokens[at].line, "an include stands alone on its line"};
        }
    }
    return std::nullopt;
}

} // namespace

std::optional<Refusal> Refusals::of_body(std::string_view text) const {
    const std::vector<Token> tokens = lex(text);
    for (const Token& token : tokens) {
        if (token.kind == Token::Kind::directive) {
            return Refusal{token.line, "no preprocessor lines are allowed in an exercise"};
        }
    }
    if (auto refusal = refusal_of_code(text, tokens)) {
        return refusal;
    }
    int depth = 0;
    for (const Token& token : tokens) {
        depth += token.is("{") ? 1 : token.is("}") ? -1 : 0;
        if (depth == 0 && &token != &tokens.back()) {
            return Refusal{token.line, "the block of an exercise ends here, but more follows"};
        }
    }
    return std::nullopt;
}

std::optional<Refusal> Refusals::of_helpers(std::string_view text) const {
    // One for the types of the course would be what tests compare them with.
    for (const Token& token : without_comments(lex(text))) {
        if (token.is("operator")) {
            return Refusal{token.line, "no operators are declared among helpers: give the function "
                                       "a name"};
        }
    }
    return of_text(text);
}

std::optional<Refusal> Refusals::of_text(std::string_view text) const {
    const std::vector<Token> tokens = lex(text);
    for (const Token& token : tokens) {
        if (token.kind != Token::Kind::directive) {
            continue;
        }
        if (auto why = of_include(token.text)) {
            return Refusal{token.line, std::move(*why)};
        }
    }
    if (auto refusal = refusal_behind_directives(tokens)) {
        return refusal;
    }
    return refusal_of_code(text, tokens);
}

std::optional<Refusal> Refusals::of_file(std::string_view text) const {
    constexpr std::string_view once = "#pragma once";
    const std::size_t at = text.find(once);
    if (at == text.npos) {
        return of_text(text);
    }
    std::string rest(text);
    rest.replace(at, once.size(), once.size(), ' ');
    return of_text(rest);
}

} // namespace grade
