// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Includes are compared as they are written.
#include "autograder/overlay/includes.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <ranges>
#include <set>

namespace grade {

namespace {

/// Directives in no braces.
std::vector<Token> directives(const StudentFile& file) {
    std::vector<Token> result;
    int depth = 0;
    for (const Token& token : file.tokens()) {
        depth += token.is("{") ? 1 : token.is("}") ? -1 : 0;
        if (depth == 0 && token.kind == Token::Kind::directive) {
            result.push_back(token);
        }
    }
    return result;
}

bool is_include(const Token& directive) {
    return trim(directive.text.substr(1)).starts_with("include");
}

} // namespace

std::string added_includes(const StudentFile& student, const StudentFile& course,
                           const Refusals& refusals, std::vector<std::string>& warnings) {
    std::set<std::string_view> known;
    for (const Token& directive : directives(course)) {
        known.insert(trim(directive.text));
    }
    std::vector<Token> candidates = directives(student);
    if (const auto region = student.region()) {
        for (const Token& token : student.tokens()) {
            const std::size_t offset = student.offset_of(token);
            if (token.kind == Token::Kind::directive && offset >= region->begin &&
                offset < region->end) {
                candidates.push_back(token);
            }
        }
    }
    std::string lines;
    for (const Token& directive : candidates) {
        const std::string_view text = trim(directive.text);
        if (!is_include(directive) || !known.insert(text).second) {
            continue;
        }
        if (const auto why = refusals.of_include(text)) {
            warnings.push_back(fmt::format("{}:{}: {}", student.text().path, directive.line, *why));
        } else {
            lines.append(text).push_back('\n');
        }
    }
    return lines;
}

std::size_t end_of_includes(const StudentFile& course) {
    const std::string& content = course.text().content;
    for (const Token& directive : directives(course) | std::views::reverse) {
        if (is_include(directive)) {
            const std::size_t end = content.find('\n', course.offset_of(directive));
            return end == std::string::npos ? 0 : end + 1;
        }
    }
    return 0;
}

std::string without_directives(std::string text) {
    for (const Token& token : lex(text)) {
        if (token.kind == Token::Kind::directive) {
            const auto at = static_cast<std::size_t>(token.text.data() - text.data());
            std::fill_n(text.begin() + static_cast<std::ptrdiff_t>(at), token.text.size(), ' ');
        }
    }
    return text;
}

} // namespace grade
