// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The definition of a function or a class, found by reading tokens forward from the end of its
/// doc comment. It knows the shapes that a declaration can have (templates, attributes, trailing
/// return types, requires clauses, initialiser lists, operators), not what names mean.
/// Always holds: `open` and `close` are the braces of the body.
/// Read next: exercise.hpp.
#pragma once

#include "autograder/source/lexer.hpp"

#include <expected>
#include <span>
#include <string>

namespace grade {

struct Definition {
    bool is_type;
    std::string name; ///< as written, without template arguments: "Ring::push"
    Token first;      ///< of the declaration
    Token open;
    Token close;
};

/// Reads one definition. An exercise must be able to lose its body, so there is an error for what
/// cannot: a mere declaration, constexpr, consteval, a return type that the body decides.
[[nodiscard]] std::expected<Definition, std::string> read_definition(std::span<const Token> tokens);

} // namespace grade
