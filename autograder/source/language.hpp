// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// How the text of a file is to be read: where its comments are, and so its code. A file is cut
/// into pieces of code and of prose; prose is what only people read: comments, strings, Markdown.
/// Always holds: the pieces of a file are in order and do not overlap; white space may be in none.
/// Read next: lexer.hpp.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace grade {

enum class Language {
    c_like,    ///< C++, C, linker scripts, JSON with comments
    assembler, ///< as C, and comments begin with # too
    hash,      ///< make, Python, shell, TOML: comments begin with #
    prose,     ///< Markdown, HTML
    data,      ///< no text: copied as it is
};

[[nodiscard]] Language language_of(std::string_view path, std::string_view text);

/// C++ and its like, assembler included: what may hold exercises and includes.
[[nodiscard]] constexpr bool is_code(Language language) {
    return language == Language::c_like || language == Language::assembler;
}

struct Piece {
    bool is_code;
    std::string_view text;
    int line; ///< of its first character, from 1
};

[[nodiscard]] std::vector<Piece> pieces(Language language, std::string_view text);

/// Lines without their ends; a last line without an end counts.
[[nodiscard]] std::vector<std::string_view> split_lines(std::string_view text);

[[nodiscard]] std::string_view trim(std::string_view text);

} // namespace grade
