// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Whether a text of C++ has the same tokens for the compiler as for our lexer. Where the two could
/// differ there is a refusal: joined lines, digraphs and trigraphs, literals and comments that are
/// not closed, signs that are letters for one and not for the other.
/// Always holds: brackets of a text without refusal are ( [ { } ] ), outside of comments and
/// literals, and nest.
/// Read next: refusals.hpp.
#pragma once

#include "autograder/overlay/refusals.hpp"
#include "autograder/source/lexer.hpp"

#include <optional>
#include <span>

namespace grade {

/// @param tokens of `text`
[[nodiscard]] std::optional<Refusal> refusal_of_spelling(std::string_view text,
                                                         std::span<const Token> tokens);

/// Lines that end with a backslash, and control characters; of any language.
[[nodiscard]] std::optional<Refusal> refusal_of_lines(std::string_view text);

/// Whether it begins with its delimiter and ends with it.
[[nodiscard]] bool is_closed(const Token& literal_or_comment);

/// Whether each bracket is closed by one of its kind.
[[nodiscard]] std::optional<Refusal> refusal_of_brackets(std::span<const Token> tokens);

} // namespace grade
