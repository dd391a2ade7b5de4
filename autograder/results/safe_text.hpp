// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Text of unknown origin made harmless: what a submission printed, its id, its paths. It may hold
/// terminal escapes, bytes that are no UTF-8, characters that turn the direction of writing, and
/// any number of bytes.
/// Always holds: what comes out is valid UTF-8, its only control characters are newlines and tabs,
/// and making it safe again changes nothing.
/// Read next: result_json.cpp.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace grade {

/// Escape sequences of terminals are dropped, other control characters shown as their pictures
/// (U+2400 on), what is no UTF-8 or turns the direction as U+FFFD. Of a text that is longer than
/// `limit` bytes the middle is left out, with a line that says how much.
[[nodiscard]] std::string safe_text(std::string_view text, std::size_t limit = 65536);

/// The same in one line: newlines and tabs are spaces, the end is cut and marked "...".
[[nodiscard]] std::string safe_line(std::string_view text, std::size_t limit = 1000);

/// A name for a file or folder: letters, digits, "-", "_" and "." only, never hidden, at most 100
/// bytes. A text that is one already stays as it is; another gets a digest behind it.
[[nodiscard]] std::string file_name_of(std::string_view text);

/// Columns on a terminal: code points, for no letter of ours is wide.
[[nodiscard]] std::size_t columns(std::string_view text);

/// The longest beginning of `text` that has at most `count` columns.
[[nodiscard]] std::string_view first_columns(std::string_view text, std::size_t count);

} // namespace grade
