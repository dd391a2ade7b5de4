// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What literals of C++ say, so that text can be found in them however it is written.
/// Read next: refusals.hpp.
#pragma once

#include "autograder/source/lexer.hpp"

#include <string>

namespace grade {

/// The characters of a string or of a character literal, escapes resolved; beyond ASCII, and for
/// names of characters, a question mark.
[[nodiscard]] std::string meaning(const Token& literal);

} // namespace grade
