// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// clang quotes with ', g++ with the quotation marks of its language.
#include "autograder/run/strays.hpp"

#include "autograder/source/lexer.hpp"

#include <algorithm>
#include <fmt/core.h>

namespace grade {

namespace {

/// What stands in quotes, if it is one name.
std::vector<std::string_view> names_in(std::string_view message) {
    std::vector<std::string_view> names;
    const auto is_part = [](char letter) { return continues_word(letter) && (letter & 0x80) == 0; };
    for (std::size_t at = 0; at < message.size(); ++at) {
        std::size_t end = at + 1;
        while (end < message.size() && is_part(message[end])) {
            ++end;
        }
        // ' or the last byte of an opening quotation mark, and then ' or the first of a closing one
        const bool opens = message[at] == '\'' || message[at] == '\x98';
        const bool closes =
            end < message.size() && (message[end] == '\'' || message[end] == '\xe2');
        if (opens && closes && end > at + 1) {
            names.push_back(message.substr(at + 1, end - at - 1));
        }
    }
    return names;
}

bool has_word(std::string_view line, std::string_view word) {
    const auto tokens = lex(line);
    return std::ranges::any_of(tokens, [&](const Token& token) {
        return token.kind == Token::Kind::directive
                   ? token.text.contains(word)
                   : token.kind == Token::Kind::word && token.text == word;
    });
}

} // namespace

std::string hint_at_strays(std::string_view message, std::span<const Overlay::Stray> strays) {
    for (const std::string_view name : names_in(message)) {
        const auto stray = std::ranges::find_if(
            strays, [&](const Overlay::Stray& each) { return has_word(each.text, name); });
        if (stray != strays.end()) {
            return fmt::format(
                " (`{}` stands in {}:{}, which is not graded: only what is between "
                "\"// Your own helpers: begin\" and \"// Your own helpers: end\" is)",
                name, stray->file, stray->line);
        }
    }
    return {};
}

} // namespace grade
