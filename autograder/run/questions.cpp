// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// See questions.hpp.
#include "autograder/run/questions.hpp"

#include "autograder/source/lexer.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <map>
#include <ranges>

namespace grade {

namespace {

constexpr unsigned fewest_words = 3;

/// "Q12" at the beginning of the text, behind what makes it bold, a heading, or an item; empty if
/// there is none. The text is then what stands behind it.
std::string take_id(std::string_view& text) {
    std::string_view rest = text;
    rest.remove_prefix(std::min(rest.find_first_not_of("#*-_ \t"), rest.size()));
    if (!rest.starts_with('Q')) {
        return {};
    }
    const auto digits = std::ranges::find_if_not(rest.substr(1), is_digit) - rest.begin();
    if (digits == 1) {
        return {};
    }
    text = rest.substr(static_cast<std::size_t>(digits));
    return std::string(rest.substr(0, static_cast<std::size_t>(digits)));
}

/// Words with a letter or a digit.
unsigned words_in(std::string_view line) {
    unsigned count = 0;
    for (const auto word : std::views::split(line, ' ')) {
        count += std::ranges::any_of(word, [](char letter) {
            return is_digit(letter) || is_lower(letter) || is_upper(letter) ||
                   static_cast<unsigned char>(letter) >= 0x80;
        });
    }
    return count;
}

} // namespace

std::string answers_path(int lab) { return fmt::format("answers-lab{}.md", lab); }

std::vector<QuestionResult> questions_of(std::string_view handout, std::string_view answers) {
    std::map<std::string, unsigned, std::less<>> words;
    std::string current;
    for (const auto part : std::views::split(answers, '\n')) {
        std::string_view line(part.begin(), part.end());
        if (std::string id = take_id(line); !id.empty()) {
            current = std::move(id);
        }
        words[current] += words_in(line);
    }
    std::vector<QuestionResult> result;
    for (const auto part : std::views::split(handout, '\n')) {
        std::string_view line(part.begin(), part.end());
        if (!line.starts_with("* **Q")) {
            continue;
        }
        const std::string id = take_id(line);
        const auto found = words.find(id);
        if (!id.empty()) {
            result.push_back({id, found != words.end() && found->second >= fewest_words});
        }
    }
    return result;
}

} // namespace grade
