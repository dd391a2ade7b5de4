// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// UTF-8 is decoded strictly, one code point at a time: no overlong forms, no surrogates.
#include "autograder/results/safe_text.hpp"

#include "autograder/source/lexer.hpp"

#include <algorithm>
#include <cstdint>
#include <fmt/core.h>

namespace grade {

namespace {

constexpr std::string_view replacement = "\xef\xbf\xbd"; // U+FFFD
constexpr char escape = 0x1b;

bool continues(char byte) { return (byte & 0xc0) == 0x80; }

/// Bytes of the code point that `text` begins with; 0 if it begins with none.
std::size_t length_of_code_point(std::string_view text) {
    const auto first = static_cast<unsigned char>(text[0]);
    const std::size_t length = first < 0x80                    ? 1
                               : first >= 0xc2 && first < 0xe0 ? 2
                               : first >= 0xe0 && first < 0xf0 ? 3
                               : first >= 0xf0 && first < 0xf5 ? 4
                                                               : 0;
    if (length == 0 || length > text.size() ||
        !std::ranges::all_of(text.substr(1, length - 1), continues)) {
        return 0;
    }
    const auto second = static_cast<unsigned char>(length > 1 ? text[1] : 0);
    const bool overlong = (first == 0xe0 && second < 0xa0) || (first == 0xf0 && second < 0x90);
    const bool surrogate = first == 0xed && second >= 0xa0;
    const bool too_great = first == 0xf4 && second >= 0x90;
    return overlong || surrogate || too_great ? 0 : length;
}

/// C1 controls, what turns the direction of writing or is invisible, and what XML forbids.
bool is_treacherous(std::string_view point) {
    if (point.size() == 2) {
        return point[0] == '\xc2' && static_cast<unsigned char>(point[1]) < 0xa0;
    }
    if (point == "\xef\xbf\xbe" || point == "\xef\xbf\xbf") {
        return true;
    }
    if (point.size() != 3 || point[0] != '\xe2') {
        return false;
    }
    const auto last = static_cast<unsigned char>(point[2]);
    return (point[1] == '\x80' &&
            ((last >= 0x8b && last <= 0x8f) || (last >= 0xa8 && last <= 0xae))) ||
           (point[1] == '\x81' && last >= 0xa0 && last <= 0xaf);
}

/// "ESC [ 1 ; 31 m" and the like; 0 if there is none.
std::size_t length_of_escape_sequence(std::string_view text) {
    if (text.size() < 2 || text[0] != escape || text[1] != '[') {
        return 0;
    }
    const auto ends = [](char letter) { return letter < 0x20 || letter > 0x3f; };
    const auto last = std::ranges::find_if(text.substr(2), ends);
    const auto length = static_cast<std::size_t>(last - text.begin());
    return length < text.size() && text[length] >= 0x40 && text[length] < 0x7f ? length + 1 : 0;
}

/// Makes safe what `text` begins with. @return how many bytes that was
std::size_t make_first_safe(std::string_view text, std::string& out) {
    if (const std::size_t sequence = length_of_escape_sequence(text); sequence != 0) {
        return sequence;
    }
    const char letter = text[0];
    if (letter == '\r' && text.size() > 1 && text[1] == '\n') {
        return 1;
    }
    if (letter == 0x7f || (letter >= 0 && letter < 0x20 && letter != '\n' && letter != '\t')) {
        out += "\xe2\x90";
        out += letter == 0x7f ? '\xa1' : static_cast<char>(0x80 + letter);
        return 1;
    }
    const std::size_t length = length_of_code_point(text);
    if (length == 0 || is_treacherous(text.substr(0, length))) {
        out += replacement;
    } else {
        out += text.substr(0, length);
    }
    return std::max<std::size_t>(length, 1);
}

std::string make_safe(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        text.remove_prefix(make_first_safe(text, out));
    }
    return out;
}

/// Without a code point that was cut at the end.
std::string_view whole_beginning(std::string_view text, std::size_t size) {
    if (size >= text.size()) {
        return text;
    }
    while (size > 0 && continues(text[size])) {
        --size;
    }
    return text.substr(0, size);
}

std::string_view whole_end(std::string_view text, std::size_t size) {
    if (size >= text.size()) {
        return text;
    }
    text.remove_prefix(text.size() - size);
    while (!text.empty() && continues(text[0])) {
        text.remove_prefix(1);
    }
    return text;
}

/// FNV-1a, to tell names apart.
std::uint32_t digest_of(std::string_view text) {
    std::uint32_t value = 0x811c9dc5;
    for (const char letter : text) {
        value = (value ^ static_cast<unsigned char>(letter)) * 0x01000193;
    }
    return value;
}

} // namespace

std::string safe_text(std::string_view text, std::size_t limit) {
    // Far too long a text is cut before it costs time: safe text has at most three bytes for one.
    const std::size_t before = text.size();
    std::string safe;
    if (before <= 2 * limit) {
        safe = make_safe(text);
        if (safe.size() <= limit) {
            return safe;
        }
    } else {
        safe = make_safe(whole_beginning(text, limit)) + make_safe(whole_end(text, limit));
    }
    constexpr std::size_t for_the_line = 64;
    const std::size_t room = limit - std::min(limit, for_the_line);
    const std::string_view head = whole_beginning(safe, room / 2);
    const std::string_view tail = whole_end(safe, room / 2);
    const std::size_t left_out = std::max(before, safe.size()) - head.size() - tail.size();
    return fmt::format("{}\n[... {} bytes left out ...]\n{}", head, left_out, tail);
}

std::string safe_line(std::string_view text, std::size_t limit) {
    const bool too_long = text.size() > limit;
    std::string safe = make_safe(whole_beginning(text, limit));
    std::ranges::replace_if(
        safe, [](char letter) { return letter == '\n' || letter == '\t'; }, ' ');
    if (!too_long && safe.size() <= limit) {
        return safe;
    }
    return std::string(whole_beginning(safe, limit - std::min<std::size_t>(limit, 3))) + "...";
}

std::string file_name_of(std::string_view text) {
    constexpr std::size_t longest = 100;
    constexpr std::size_t longest_changed = 80;
    const auto plain = [](char letter) {
        return is_lower(letter) || is_upper(letter) || is_digit(letter) || letter == '-' ||
               letter == '_' || letter == '.';
    };
    std::string name(text.substr(0, longest + 1));
    std::ranges::replace_if(name, [&](char letter) { return !plain(letter); }, '_');
    if (!name.empty() && (name[0] == '.' || name[0] == '-')) {
        name[0] = '_';
    }
    if (name == text && !name.empty() && name.size() <= longest) {
        return name;
    }
    return fmt::format("{}-{:08x}", name.substr(0, longest_changed), digest_of(text));
}

std::size_t columns(std::string_view text) {
    return text.size() - static_cast<std::size_t>(std::ranges::count_if(text, continues));
}

std::string_view first_columns(std::string_view text, std::size_t count) {
    for (std::size_t place = 0; place < text.size(); ++place) {
        if (!continues(text[place]) && count-- == 0) {
            return text.substr(0, place);
        }
    }
    return text;
}

} // namespace grade
