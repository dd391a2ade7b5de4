// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// One look at the letters, one at the tokens, one at the brackets.
#include "autograder/overlay/spelling.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <vector>

namespace grade {

namespace {

constexpr std::size_t most_depth = 200;

std::optional<Refusal> refuse(int line, std::string text) { return Refusal{line, std::move(text)}; }

bool is_ascii(std::string_view text) {
    return std::ranges::none_of(text, [](char letter) { return (letter & 0x80) != 0; });
}

/// @param rest the text from a sign on
bool is_digraph(std::string_view rest) {
    if (rest.starts_with("<::")) { // < and ::, unless what follows makes it <: and :
        return rest.starts_with("<:::") || rest.starts_with("<::>");
    }
    return rest.starts_with("<:") || rest.starts_with(":>") || rest.starts_with("<%") ||
           rest.starts_with("%>") || rest.starts_with("%:");
}

bool is_trigraph(std::string_view rest) {
    return rest.size() > 2 && rest.starts_with("??") &&
           std::string_view("=/'()!<>-").contains(rest[2]);
}

bool has_trigraph(std::string_view text) {
    for (std::size_t at = text.find("??"); at != text.npos; at = text.find("??", at + 1)) {
        if (is_trigraph(text.substr(at))) {
            return true;
        }
    }
    return false;
}

bool is_behind(std::string_view text, const Token& token, char letter) {
    return token.text.data() != text.data() && token.text.data()[-1] == letter;
}

std::optional<Refusal> refusal_of_punctuation(std::string_view rest, int line) {
    if (rest[0] == '#') {
        return refuse(line, "no preprocessor lines are allowed here");
    }
    if (rest[0] == '\\' || rest[0] == '$' || rest[0] == '@' || rest[0] == '`') {
        return refuse(line, fmt::format("`{}` is no sign of C++ outside of strings", rest[0]));
    }
    if (is_digraph(rest) || is_trigraph(rest)) {
        return refuse(line, "write brackets as brackets, not as digraphs or trigraphs");
    }
    return std::nullopt;
}

std::optional<Refusal> refusal_of_comment(const Token& comment) {
    if (comment.text.starts_with('#')) {
        return refuse(comment.line, "no preprocessor lines are allowed here");
    }
    if (!is_closed(comment)) {
        return refuse(comment.line, "this comment is not closed");
    }
    if (comment.text.contains("@lab{") || comment.text.contains("Your own helpers:")) {
        return refuse(comment.line, "marks of exercises and helpers must stay where they were");
    }
    return std::nullopt;
}

} // namespace

bool is_closed(const Token& token) {
    const std::string_view text = token.text;
    if (token.kind == Token::Kind::comment) {
        return !text.starts_with("/*") || (text.size() >= 4 && text.ends_with("*/"));
    }
    if (token.kind == Token::Kind::string && !text.starts_with('"')) { // raw
        const std::size_t quote = text.find('"');
        const std::size_t open = text.find('(', quote);
        return open != text.npos &&
               text.ends_with(fmt::format("){}\"", text.substr(quote + 1, open - quote - 1)));
    }
    if (text.size() < 2 || text.back() != text.front()) {
        return false;
    }
    const std::size_t last = text.find_last_not_of('\\', text.size() - 2);
    return (text.size() - 2 - last) % 2 == 0; // the quote at the end is not escaped
}

std::optional<Refusal> refusal_of_lines(std::string_view text) {
    int line = 1;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const char letter = text[at];
        if (letter == '\n') {
            const std::size_t last = text.find_last_not_of(" \t\f\v", at == 0 ? 0 : at - 1);
            if (at > 0 && last != text.npos && text[last] == '\\') {
                return refuse(line, "a line must not end with a backslash, which joins it with "
                                    "the next");
            }
            ++line;
        } else if ((static_cast<unsigned char>(letter) < ' ' && letter != '\t') || letter == 0x7f) {
            return refuse(line, "the text has a control character");
        }
    }
    return std::nullopt;
}

std::optional<Refusal> refusal_of_spelling(std::string_view text, std::span<const Token> tokens) {
    if (auto refusal = refusal_of_lines(text)) {
        return refusal;
    }
    for (const Token& token : tokens) {
        using enum Token::Kind;
        std::optional<Refusal> refusal;
        if (token.kind == comment) {
            refusal = refusal_of_comment(token);
        } else if (token.kind == string || token.kind == character) {
            const bool is_bad_raw = is_behind(text, token, 'R') && token.text.starts_with('"');
            if (!is_closed(token) || token.text == "''" || is_bad_raw) {
                refusal = refuse(token.line, "this string or character is not closed");
            } else if (has_trigraph(token.text)) {
                refusal = refuse(token.line, "write signs as they are, not as trigraphs");
            }
        } else if (!is_ascii(token.text)) {
            refusal =
                refuse(token.line, "letters that are not ASCII belong in comments and strings");
        } else if (token.kind == punctuation) {
            refusal = refusal_of_punctuation(
                text.substr(static_cast<std::size_t>(token.text.data() - text.data())), token.line);
        }
        if (refusal) {
            return refusal;
        }
    }
    return refusal_of_brackets(tokens);
}

std::optional<Refusal> refusal_of_brackets(std::span<const Token> tokens) {
    std::vector<const Token*> open;
    const auto closes = [](const Token& token) {
        return token.is("}") ? "{" : token.is(")") ? "(" : token.is("]") ? "[" : "";
    };
    for (const Token& token : tokens) {
        const std::string_view opener = closes(token);
        if (token.is("{") || token.is("(") || token.is("[")) {
            open.push_back(&token);
            if (open.size() > most_depth) {
                return refuse(token.line, "brackets are nested too deeply");
            }
        } else if (!opener.empty()) {
            if (open.empty() || !open.back()->is(opener)) {
                return refuse(
                    token.line,
                    fmt::format("this `{}` closes nothing that was opened here", token.text));
            }
            open.pop_back();
        }
    }
    return open.empty() ? std::nullopt
                        : refuse(open.back()->line,
                                 fmt::format("this `{}` is never closed", open.back()->text));
}

} // namespace grade
