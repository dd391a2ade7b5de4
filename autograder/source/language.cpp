// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Languages by the end of the name, and where each of them has comments.
#include "autograder/source/language.hpp"

#include "autograder/source/lexer.hpp"

#include <algorithm>
#include <array>

namespace grade {

namespace {

template <std::size_t count>
bool ends_with_one_of(std::string_view path, const std::array<std::string_view, count>& ends) {
    return std::ranges::any_of(ends, [&](std::string_view end) { return path.ends_with(end); });
}

/// A name in quotes or angle brackets after #include is a path, which is checked as one.
bool is_include(std::string_view directive) { return !included_path(directive).empty(); }

std::vector<Piece> c_like_pieces(std::string_view text) {
    std::vector<Piece> result;
    for (const Token& token : lex(text)) {
        using enum Token::Kind;
        if (token.kind == directive && is_include(token.text)) {
            continue;
        }
        const bool is_code = token.kind == word || token.kind == directive;
        if (is_code || token.kind == comment || token.kind == string) {
            result.push_back({is_code, token.text, token.line});
        }
    }
    return result;
}

/// Where the comment of a line begins: at a # that begins a word.
std::size_t comment_start(std::string_view line) {
    for (std::size_t at = line.find('#'); at != line.npos; at = line.find('#', at + 1)) {
        if (at == 0 || line[at - 1] == ' ' || line[at - 1] == '\t') {
            return at;
        }
    }
    return line.size();
}

/// Lines with comments, and Python's text between triple quotes. Strings are code otherwise: in
/// make and shell nearly everything is one.
std::vector<Piece> hash_pieces(std::string_view text) {
    std::vector<Piece> result;
    bool in_docstring = false;
    int number = 0;
    for (const std::string_view line : split_lines(text)) {
        ++number;
        const std::size_t quotes = line.find(R"(""")");
        if (in_docstring || quotes != line.npos) {
            const bool closes = quotes != line.npos &&
                                (in_docstring || line.find(R"(""")", quotes + 3) != line.npos);
            in_docstring = !closes;
            result.push_back({false, line, number});
            continue;
        }
        const std::size_t comment = comment_start(line);
        result.push_back({true, line.substr(0, comment), number});
        result.push_back({false, line.substr(comment), number});
    }
    return result;
}

} // namespace

Language language_of(std::string_view path, std::string_view text) {
    static constexpr std::array<std::string_view, 13> c_like = {
        ".cpp",  ".hpp",  ".c",     ".h",   ".ld", ".inc",  ".dts",
        ".dtsi", ".json", ".jsonc", ".css", ".js", ".proto"};
    static constexpr std::array<std::string_view, 3> prose = {".md", ".html", ".svg"};
    if (text.contains('\0')) {
        return Language::data;
    }
    return path.ends_with(".S")             ? Language::assembler
           : ends_with_one_of(path, c_like) ? Language::c_like
           : ends_with_one_of(path, prose)  ? Language::prose
                                            : Language::hash;
}

std::vector<Piece> pieces(Language language, std::string_view text) {
    switch (language) {
    case Language::c_like:
    case Language::assembler:
        return c_like_pieces(text);
    case Language::hash:
        return hash_pieces(text);
    case Language::prose:
        return {{false, text, 1}};
    case Language::data:
        break;
    }
    return {};
}

std::vector<std::string_view> split_lines(std::string_view text) {
    std::vector<std::string_view> lines;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        lines.push_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return lines;
}

std::string_view trim(std::string_view text) {
    const auto is_space = [](char letter) {
        return letter == ' ' || letter == '\t' || letter == '\r';
    };
    while (!text.empty() && is_space(text.front())) {
        text.remove_prefix(1);
    }
    while (!text.empty() && is_space(text.back())) {
        text.remove_suffix(1);
    }
    return text;
}

} // namespace grade
