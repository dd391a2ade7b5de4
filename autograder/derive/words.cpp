// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Words are looked at line by line, so a forgotten backtick harms one line only.
#include "autograder/derive/words.hpp"

#include "autograder/source/lexer.hpp"

#include <algorithm>
#include <array>
#include <ranges>
#include <regex>

namespace grade {

namespace {

constexpr std::size_t least_length = 3;

/// Calls visit(line, its number) for each line of a piece.
template <class Visit>
void each_line(std::string_view text, int first, const Visit& visit) {
    for (const std::string_view line : split_lines(text)) {
        visit(line, first++);
    }
}

/// Calls visit(start, end) for each word of a line.
template <class Visit>
void each_word(std::string_view line, const Visit& visit) {
    for (std::size_t at = 0; at < line.size();) {
        const std::size_t start = at;
        while (at < line.size() && continues_word(line[at])) {
            ++at;
        }
        if (at - start >= least_length && begins_word(line[start])) {
            visit(start, at);
        }
        at += at == start ? 1 : 0;
    }
}

bool looks_like_name(std::string_view word) {
    const bool has_capital = std::any_of(word.begin() + 1, word.end(), is_upper);
    return word.contains('_') || std::ranges::any_of(word, is_digit) ||
           (has_capital && std::ranges::any_of(word, is_lower));
}

/// Whether the word is a file's name, which is looked for as a path.
bool is_file_name(std::string_view behind) {
    static constexpr std::array<std::string_view, 5> ends = {".hpp", ".cpp", ".S", ".py", ".sh"};
    return std::ranges::any_of(ends, [&](std::string_view end) { return behind.starts_with(end); });
}

/// Whether what surrounds the word says that it is a name.
bool stands_as_name(std::string_view line, std::size_t start, std::size_t end) {
    const std::string_view word = line.substr(start, end - start);
    const std::string_view behind = line.substr(end);
    const char before = start > 0 ? line[start - 1] : ' ';
    if (before == '-' || before == '/' || behind.starts_with('-') || behind.starts_with('/')) {
        return false; // part of a goal or a path
    }
    return std::ranges::count(line.substr(0, start), '`') % 2 == 1 || behind.starts_with("()") ||
           (behind.starts_with("=") && std::ranges::all_of(word, is_upper));
}

/// What the first or second group of a form matches.
std::vector<Name> matches(std::string_view text, const std::regex& form) {
    std::vector<Name> result;
    each_line(text, 1, [&](std::string_view line, int number) {
        const std::cregex_iterator end;
        for (std::cregex_iterator at(line.begin(), line.end(), form); at != end; ++at) {
            const auto& group = (*at)[1].matched ? (*at)[1] : (*at)[2];
            result.push_back({{group.first, group.second}, number});
        }
    });
    return result;
}

} // namespace

std::vector<Name> names_in_code(Language language, std::string_view text) {
    std::vector<Name> result;
    for (const Piece& piece : pieces(language, text)) {
        if (piece.is_code) {
            each_line(piece.text, piece.line, [&](std::string_view line, int number) {
                each_word(line, [&](std::size_t start, std::size_t end) {
                    result.push_back({line.substr(start, end - start), number});
                });
            });
        }
    }
    return result;
}

std::vector<Name> names_in_prose(Language language, std::string_view text) {
    std::vector<Name> result;
    for (const Piece& piece : pieces(language, text)) {
        if (!piece.is_code) {
            each_line(piece.text, piece.line, [&](std::string_view line, int number) {
                each_word(line, [&](std::size_t start, std::size_t end) {
                    const std::string_view word = line.substr(start, end - start);
                    if (!is_file_name(line.substr(end)) &&
                        (looks_like_name(word) || stands_as_name(line, start, end))) {
                        result.push_back({word, number});
                    }
                });
            });
        }
    }
    return result;
}

std::vector<Name> goals_defined(std::string_view path, std::string_view text) {
    static const std::regex rule(R"(^([A-Za-z][\w-]*(?: +[\w-]+)*) *:(?!=))");
    std::vector<Name> result;
    if (!path.ends_with(".mk") && !path.ends_with("Makefile")) {
        return result;
    }
    for (const Name& goals : matches(text, rule)) {
        static const std::regex goal(R"(([\w-]+))");
        for (const Name& each : matches(goals.text, goal)) {
            result.push_back({each.text, goals.line});
        }
    }
    return result;
}

std::vector<Name> goals_mentioned(std::string_view text) {
    static const std::regex form(R"(\bmake ([a-z][\w-]*)|`([a-z]\w*-[\w-]*)`)");
    return matches(text, form);
}

std::vector<Name> paths_mentioned(std::string_view text) {
    static const std::regex form(R"(([\w.-]*[/.][\w./-]*))");
    std::vector<Name> result;
    each_line(text, 1, [&](std::string_view line, int number) {
        if (line.starts_with("#include")) {
            return;
        }
        for (std::string_view path : matches(line, form) | std::views::transform(&Name::text)) {
            while (path.starts_with("./") || path.starts_with("/")) {
                path.remove_prefix(path.find('/') + 1);
            }
            path = path.substr(0, path.find_last_not_of(".-") + 1);
            if (!path.empty()) {
                result.push_back({path, number});
            }
        }
    });
    return result;
}

std::vector<std::string> ways_to_name(std::string_view path) {
    std::vector<std::string> result;
    for (std::size_t end = path.find('/'); end != path.npos; end = path.find('/', end + 1)) {
        const std::string_view folder = path.substr(0, end);
        result.emplace_back(folder.contains('/') ? folder : path.substr(0, end + 1));
        for (std::size_t at = folder.find('/'); at != folder.npos; at = folder.find('/', at + 1)) {
            if (folder.substr(at + 1).contains('/')) {
                result.emplace_back(folder.substr(at + 1));
            }
        }
    }
    for (std::string_view rest = path; rest.contains('/') || rest.contains('.');) {
        result.emplace_back(rest);
        rest.remove_prefix(std::min(rest.find('/'), rest.size() - 1) + 1);
    }
    return result;
}

} // namespace grade
