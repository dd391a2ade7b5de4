// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A reader of escape sequences, in C++23's forms: \n, \101, \o{101}, \x41, \x{41}, \u0041,
/// \u{41}, \U00000041, \N{NAME}.
#include "autograder/overlay/literals.hpp"

#include <algorithm>

namespace grade {

namespace {

int digit_of(char letter) {
    return is_digit(letter)                 ? letter - '0'
           : letter >= 'a' && letter <= 'f' ? letter - 'a' + 10
           : letter >= 'A' && letter <= 'F' ? letter - 'A' + 10
                                            : 16;
}

class Escapes {
public:
    explicit Escapes(std::string_view text) : text_(text) {}

    std::string run() {
        while (at_ < text_.size()) {
            const char letter = text_[at_++];
            result_.push_back(letter == '\\' && at_ < text_.size() ? escaped() : letter);
        }
        return std::move(result_);
    }

private:
    /// Behind the backslash.
    char escaped() {
        const char kind = text_[at_];
        if (digit_of(kind) < 8) {
            return number(8, 3);
        }
        ++at_;
        switch (kind) {
        case 'o':
            return number(8, 0);
        case 'x':
            return number(16, text_.size());
        case 'u':
            return number(16, 4);
        case 'U':
            return number(16, 8);
        case 'N':
            at_ = std::min(text_.find('}', at_), text_.size());
            return '?';
        default:
            return std::string_view("abefnrtv").contains(kind) ? '\n' : kind;
        }
    }

    char number(int base, std::size_t most_digits) {
        const bool in_braces = at_ < text_.size() && text_[at_] == '{';
        at_ += in_braces ? 1 : 0;
        unsigned value = 0;
        for (std::size_t count = 0; at_ < text_.size() && digit_of(text_[at_]) < base &&
                                    (in_braces || count < most_digits);
             ++count) {
            value =
                value * static_cast<unsigned>(base) + static_cast<unsigned>(digit_of(text_[at_++]));
        }
        at_ += in_braces && at_ < text_.size() ? 1 : 0;
        return value < 0x80 ? static_cast<char>(value) : '?';
    }

    std::string_view text_;
    std::size_t at_ = 0;
    std::string result_;
};

} // namespace

std::string meaning(const Token& literal) {
    const std::string_view text = literal.text;
    if (text.size() < 2) {
        return {};
    }
    if (text.front() == '"' || text.front() == '\'') {
        return Escapes(text.substr(1, text.size() - 2)).run();
    }
    const std::size_t open = text.find('(');
    const std::size_t close = text.rfind(')');
    return open >= close ? std::string() : std::string(text.substr(open + 1, close - open - 1));
}

} // namespace grade
