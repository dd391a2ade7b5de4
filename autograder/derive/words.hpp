// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The names in a text. Code defines and uses names; prose mentions them. An English word in prose
/// may be spelled as some name in code is ("reply"), so in prose only these count as names:
///   - words with an underscore, a digit, or a capital after the first letter and small letters
///   - any word in backticks (not as part of a goal or a path), before () or, if in capitals,
///     before =
/// Names of fewer than three letters never count.
/// Make goals and paths are looked for everywhere: goals after "make " and, if hyphenated, in
/// backticks; paths as words with a slash or a dot in them. Read next: leaks.hpp.
#pragma once

#include "autograder/source/language.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace grade {

struct Name {
    std::string_view text;
    int line;
};

[[nodiscard]] std::vector<Name> names_in_code(Language language, std::string_view text);
[[nodiscard]] std::vector<Name> names_in_prose(Language language, std::string_view text);

/// Goals that a make fragment defines.
[[nodiscard]] std::vector<Name> goals_defined(std::string_view path, std::string_view text);
[[nodiscard]] std::vector<Name> goals_mentioned(std::string_view text);

/// Words that may be paths, without "./" before and punctuation behind. Not those of
/// includes, for which there is another check.
[[nodiscard]] std::vector<Name> paths_mentioned(std::string_view text);

/// The ways in which text may name a path: itself, or from any of its folders on. The name of a
/// folder alone is too common a word, so folders are named with at least two parts, or with a
/// slash.
[[nodiscard]] std::vector<std::string> ways_to_name(std::string_view path);

} // namespace grade
