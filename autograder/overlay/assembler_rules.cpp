// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Rules for assembler, which goes through the preprocessor first. Directives are those of a list,
/// wherever a dot begins a word, and nothing may be glued together from parts to make another:
/// no ##, no argument of a macro at a dot or at another argument, no line joined in a word.
#include "autograder/overlay/literals.hpp"
#include "autograder/overlay/refusals.hpp"
#include "autograder/overlay/spelling.hpp"
#include "autograder/source/language.hpp"

#include <algorithm>
#include <array>
#include <fmt/core.h>
#include <span>

namespace grade {

namespace {

constexpr auto directives = std::to_array<std::string_view>(
    {"text",   "data",  "rodata", "bss",   "section", "balign", "align",  "p2align",
     "global", "globl", "local",  "macro", "endm",    "exitm",  "irp",    "irpc",
     "rept",   "endr",  "set",    "equ",   "if",      "ifdef",  "ifndef", "ifb",
     "ifnb",   "else",  "elseif", "endif", "byte",    "half",   "word",   "dword",
     "quad",   "long",  "2byte",  "4byte", "8byte",   "string", "asciz",  "ascii",
     "zero",   "skip",  "type",   "size",  "insn",    "option"});
constexpr auto sections = std::to_array<std::string_view>({"text", "data", "rodata", "bss"});
/// Behind the dot of instructions: amoor.d.aq.
constexpr auto suffixes = std::to_array<std::string_view>(
    {"d",  "w",  "i",  "s",  "h",  "b",    "q",   "l",   "x",    "u",   "wu",
     "lu", "bu", "hu", "aq", "rl", "aqrl", "vma", "tso", "read", "send"});
constexpr auto conditions = std::to_array<std::string_view>(
    {"if", "ifdef", "ifndef", "else", "elif", "endif", "define", "undef", "include"});
constexpr auto forbidden = std::to_array<std::string_view>(
    {"incbin", "include", "include_next", "altmacro", "pushsection", "embed"});

template <std::size_t count>
bool is_one_of(std::string_view word, const std::array<std::string_view, count>& words) {
    return std::ranges::find(words, word) != words.end();
}

std::string lower(std::string_view text) {
    std::string result(text);
    std::ranges::transform(result, result.begin(), [](char letter) {
        return is_upper(letter) ? static_cast<char>(letter - 'A' + 'a') : letter;
    });
    return result;
}

/// The name of a preprocessor line, or of a comment that looks like one.
std::string_view directive_name(std::string_view line) {
    line = trim(line.substr(1));
    const auto end = std::ranges::find_if_not(line, continues_word);
    return line.substr(0, static_cast<std::size_t>(end - line.begin()));
}

class AssemblerReader {
public:
    AssemblerReader(std::string_view text, std::string_view base) : text_(text), base_(base) {}

    std::optional<Refusal> run() {
        auto refusal = refusal_of_joined_lines();
        return refusal ? refusal : look_at(text_, 0);
    }

private:
    using Why = std::optional<std::string>;

    [[nodiscard]] std::optional<Refusal> refusal_of_joined_lines() const {
        int line = 0;
        for (const std::string_view whole : split_lines(text_)) {
            ++line;
            const std::string_view kept = trim(whole);
            if (!kept.ends_with('\\')) {
                continue;
            }
            const char before = kept.size() > 1 ? kept[kept.size() - 2] : 'x';
            if (!whole.ends_with('\\') || (before != ' ' && before != '\t')) {
                return Refusal{line, "a line is joined with the next by a space and a backslash at "
                                     "its very end"};
            }
        }
        return std::nullopt;
    }

    /// @param before how many lines there are before `part`, which may be a directive without its
    ///     sign
    [[nodiscard]] std::optional<Refusal> look_at(std::string_view part, int before,
                                                 bool in_directive = false) const {
        const std::vector<Token> tokens = lex(part);
        for (std::size_t at = 0; at < tokens.size(); ++at) {
            const Token& token = tokens[at];
            const bool is_directive = token.kind == Token::Kind::directive;
            auto why = is_directive && in_directive
                           ? Why("a preprocessor line must not hold another")
                           : why_not(part, tokens, at);
            if (why) {
                return Refusal{token.line + before, std::move(*why)};
            }
            if (is_directive) {
                if (auto inner = look_at(token.text.substr(1), token.line + before - 1, true)) {
                    return inner;
                }
            }
        }
        return std::nullopt;
    }

    Why why_not(std::string_view part, std::span<const Token> tokens, std::size_t at) const {
        const Token& token = tokens[at];
        switch (token.kind) {
        case Token::Kind::comment:
            return why_no_comment(token, at == 0 || tokens[at - 1].line < token.line);
        case Token::Kind::directive:
            return why_no_directive(token.text);
        case Token::Kind::string:
        case Token::Kind::character:
            return why_no_literal(token);
        case Token::Kind::word:
            return why_no_word(token.text);
        default:
            return why_no_sign(
                part.substr(static_cast<std::size_t>(token.text.data() - part.data())),
                token.text.data() == part.data() ? ' ' : token.text.data()[-1]);
        }
    }

    static Why why_no_comment(const Token& token, bool is_first) {
        const bool is_hash = token.text.starts_with('#');
        if (is_hash && is_first && is_one_of(directive_name(token.text), conditions)) {
            return "a preprocessor line begins with # and its name, without a space";
        }
        if (!is_closed(token) || (!token.text.starts_with("/*") && token.text.contains("/*")) ||
            (!token.text.starts_with("/*") && token.text.contains("*/"))) {
            return "comments must not begin or end in one another";
        }
        return std::nullopt;
    }

    [[nodiscard]] Why why_no_directive(std::string_view text) const {
        const std::string_view name = directive_name(text);
        if (!is_one_of(name, conditions)) {
            return fmt::format("#{} is not allowed in assembler here", name);
        }
        if (name == "include" && !base_includes(text)) {
            return "assembler includes only what the course's file does";
        }
        if (name == "define") {
            const std::string_view rest = trim(text.substr(text.find("define") + 6));
            const auto end = std::ranges::find_if_not(rest, continues_word);
            const auto defined = rest.substr(0, static_cast<std::size_t>(end - rest.begin()));
            if (is_one_of(defined, directives) || is_one_of(defined, suffixes)) {
                return fmt::format("`{}` must keep its meaning", defined);
            }
        }
        return std::nullopt;
    }

    [[nodiscard]] bool base_includes(std::string_view directive) const {
        const auto tokens = lex(base_);
        return std::ranges::any_of(tokens, [&](const Token& token) {
            return token.kind == Token::Kind::directive && trim(token.text) == trim(directive);
        });
    }

    static Why why_no_literal(const Token& token) {
        const bool is_character = token.kind == Token::Kind::character;
        if (!is_closed(token) || (is_character && token.text.size() > 4)) {
            return "this string or character is not closed";
        }
        const std::string said = lower(meaning(token));
        for (const std::string_view word : forbidden) {
            if (said.contains(word)) {
                return fmt::format("`{}` is not allowed in assembler here", word);
            }
        }
        return said.contains("@rel4") ? Why("\"@rel4\" begins the lines of tests, which only tests "
                                            "may write")
                                      : std::nullopt;
    }

    static Why why_no_word(std::string_view word) {
        const std::string small = lower(word);
        if (word.starts_with("__") || (is_one_of(small, forbidden) && small != "include")) {
            return fmt::format("`{}` is not allowed in assembler here", word);
        }
        return std::nullopt;
    }

    /// @param rest from the sign on
    static Why why_no_sign(std::string_view rest, char before) {
        const char next = rest.size() > 1 ? rest[1] : ' ';
        const std::string_view tail = rest.substr(1);
        const auto end = std::ranges::find_if_not(tail, continues_word);
        const std::string_view word = tail.substr(0, static_cast<std::size_t>(end - tail.begin()));
        const char behind = word.size() < tail.size() ? tail[word.size()] : ' ';
        switch (rest[0]) {
        case '.':
            return why_no_dot(word, behind, before);
        case '\\':
            return next == '(' || (!word.empty() && (behind == '\\' || behind == '.'))
                       ? Why("arguments of macros must not be joined")
                       : std::nullopt;
        case ')':
            return continues_word(next) || next == '.' ? Why("a space is needed behind this )")
                                                       : std::nullopt;
        case '#':
            return Why("write comments as # and a space, and join nothing with ##");
        case '%':
        case '<':
        case ':':
        case '?':
            return refusal_of_sign(rest);
        default:
            return std::nullopt;
        }
    }

    static Why refusal_of_sign(std::string_view rest) {
        const bool is_bad = rest.starts_with("%:") || rest.starts_with("??") ||
                            rest.starts_with("<%") || rest.starts_with("<:") ||
                            rest.starts_with("%>") || rest.starts_with(":>");
        return is_bad ? Why("no digraphs or trigraphs are allowed here") : std::nullopt;
    }

    /// @param word behind the dot, @param behind what follows it
    static Why why_no_dot(std::string_view word, char behind, char before) {
        if (word.empty()) {
            return behind == '\\' || behind == '.' ? Why("nothing may be joined to a dot")
                                                   : std::nullopt;
        }
        const bool is_suffix = continues_word(before);
        const bool is_known = is_suffix ? is_one_of(word, suffixes)
                                        : word.starts_with('L') || is_one_of(word, directives);
        if (!is_known || behind == '\\') {
            return fmt::format("`.{}` is not allowed in assembler here", word);
        }
        return std::nullopt;
    }

    std::string_view text_;
    std::string_view base_;
};

/// What stands behind .section: one of the usual four.
std::optional<Refusal> refusal_of_sections(std::string_view text) {
    const std::vector<Token> tokens = lex(text);
    for (std::size_t at = 0; at < tokens.size(); ++at) {
        if (tokens[at].is("section") && (at + 2 >= tokens.size() || !tokens[at + 1].is(".") ||
                                         !is_one_of(tokens[at + 2].text, sections))) {
            return Refusal{tokens[at].line, "code and data go to .text, .rodata, .data or .bss"};
        }
    }
    return std::nullopt;
}

} // namespace

std::optional<Refusal> Refusals::of_assembler(std::string_view text, std::string_view base) const {
    if (auto refusal = AssemblerReader(text, base).run()) {
        return refusal;
    }
    return refusal_of_sections(text);
}

} // namespace grade
