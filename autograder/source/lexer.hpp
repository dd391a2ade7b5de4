// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The tokens of C++: as much as it takes to know braces from braces in strings and comments.
/// A preprocessor directive is one token, over all its continued lines, without a comment at its
/// end. Assembler is read too: there # and a space begin a comment.
/// Never fails: what is not closed ends with its line or the file.
/// Always holds: tokens are in order and only white space lies between them.
/// Read next: definition.hpp.
#pragma once

#include <string_view>
#include <vector>

namespace grade {

struct Token {
    enum class Kind { comment, directive, string, character, word, number, punctuation };

    Kind kind;
    std::string_view text; ///< punctuation is one character, or :: or ->
    int line;              ///< of its first character, from 1

    [[nodiscard]] bool is(std::string_view punctuation_or_word) const {
        return (kind == Kind::punctuation || kind == Kind::word) && text == punctuation_or_word;
    }
};

/// Tokens are views into `text`.
[[nodiscard]] std::vector<Token> lex(std::string_view text);

/// The path that a directive includes with quotes; empty if it does not include.
[[nodiscard]] std::string_view included_path(std::string_view directive);

[[nodiscard]] constexpr bool is_digit(char letter) { return letter >= '0' && letter <= '9'; }
[[nodiscard]] constexpr bool is_upper(char letter) { return letter >= 'A' && letter <= 'Z'; }
[[nodiscard]] constexpr bool is_lower(char letter) { return letter >= 'a' && letter <= 'z'; }
/// May begin a name; also what is not ASCII.
[[nodiscard]] constexpr bool begins_word(char letter) {
    return is_lower(letter) || is_upper(letter) || letter == '_' || (letter & 0x80) != 0;
}
[[nodiscard]] constexpr bool continues_word(char letter) {
    return begins_word(letter) || is_digit(letter);
}

} // namespace grade
