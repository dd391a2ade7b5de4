// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Of equal least hashes in a window the one that was kept already counts, or else the last: the
/// paper's robust winnowing, by which a text that says one thing over and over has few.
#include "autograder/similarity/fingerprints.hpp"

#include "autograder/source/lexer.hpp"

#include <algorithm>
#include <array>

namespace grade {

namespace {

constexpr std::array keywords = {
    "alignas",   "alignof",   "auto",     "bool",      "break",        "case",    "catch",
    "char",      "class",     "co_await", "co_return", "co_yield",     "concept", "const",
    "consteval", "constexpr", "continue", "default",   "delete",       "do",      "double",
    "else",      "enum",      "explicit", "extern",    "false",        "float",   "for",
    "friend",    "goto",      "if",       "inline",    "int",          "long",    "mutable",
    "namespace", "new",       "noexcept", "nullptr",   "operator",     "private", "protected",
    "public",    "requires",  "return",   "short",     "signed",       "sizeof",  "static",
    "struct",    "switch",    "template", "this",      "thread_local", "throw",   "true",
    "try",       "typename",  "union",    "unsigned",  "using",        "virtual", "void",
    "volatile",  "while"};

constexpr std::uint64_t fnv_start = 0xcbf29ce484222325;
constexpr std::uint64_t fnv_factor = 0x100000001b3;

struct Symbol {
    std::uint64_t value;
    std::size_t begin;
    std::size_t end;
};

std::uint64_t hash_of(std::string_view text) {
    std::uint64_t value = fnv_start;
    for (const char letter : text) {
        value = (value ^ static_cast<unsigned char>(letter)) * fnv_factor;
    }
    return value;
}

std::string_view normalised(const Token& token, Language language) {
    switch (token.kind) {
    case Token::Kind::word:
        return language == Language::assembler || std::ranges::binary_search(keywords, token.text)
                   ? token.text
                   : "name";
    case Token::Kind::string:
    case Token::Kind::character:
    case Token::Kind::number:
        return "0";
    case Token::Kind::comment:
    case Token::Kind::directive:
    case Token::Kind::punctuation:
        break;
    }
    return token.text;
}

std::vector<Symbol> symbols_of(std::string_view text, Language language) {
    std::vector<Symbol> symbols;
    for (const Token& token : lex(text)) {
        if (token.kind != Token::Kind::comment) {
            const auto begin = static_cast<std::size_t>(token.text.data() - text.data());
            symbols.push_back(
                {hash_of(normalised(token, language)), begin, begin + token.text.size()});
        }
    }
    return symbols;
}

std::vector<Fingerprint> all_grams(const std::vector<Symbol>& symbols, std::size_t gram) {
    std::vector<Fingerprint> grams;
    for (std::size_t first = 0; first + gram <= symbols.size(); ++first) {
        std::uint64_t value = fnv_start;
        for (std::size_t index = first; index < first + gram; ++index) {
            value = (value ^ symbols[index].value) * fnv_factor;
            value ^= value >> 29U;
        }
        grams.push_back({value, first, symbols[first].begin, symbols[first + gram - 1].end});
    }
    return grams;
}

} // namespace

std::vector<Fingerprint> fingerprints(std::string_view text, Language language,
                                      const Winnowing& winnowing) {
    const std::vector<Fingerprint> grams = all_grams(symbols_of(text, language), winnowing.gram);
    std::vector<Fingerprint> kept;
    const std::size_t window = std::min(winnowing.window, grams.size());
    for (std::size_t first = 0; window > 0 && first + window <= grams.size(); ++first) {
        std::size_t least = first;
        for (std::size_t index = first; index < first + window; ++index) {
            least = grams[index].hash <= grams[least].hash ? index : least;
        }
        const bool is_kept = !kept.empty() && kept.back().token >= grams[first].token &&
                             kept.back().hash == grams[least].hash;
        if (!is_kept) {
            kept.push_back(grams[least]);
        }
    }
    return kept;
}

} // namespace grade
