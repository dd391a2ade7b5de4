// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// One function for each kind of token says where it ends; the class keeps the place.
#include "autograder/source/lexer.hpp"

#include <algorithm>
#include <string>

namespace grade {

namespace {

class Lexer {
public:
    explicit Lexer(std::string_view text) : text_(text) {}

    std::vector<Token> run() {
        for (skip_space(); at_ < text_.size(); skip_space()) {
            const std::size_t start = at_;
            const Token::Kind kind = next();
            tokens_.push_back({kind, text_.substr(start, at_ - start), line_});
            line_ += static_cast<int>(std::ranges::count(tokens_.back().text, '\n'));
            at_line_start_ = false;
        }
        return std::move(tokens_);
    }

private:
    [[nodiscard]] bool sees(std::string_view what) const {
        return text_.substr(at_).starts_with(what);
    }

    /// At the next `what`, or behind it; else at the end.
    void go_to(std::string_view what) { at_ = std::min(text_.find(what, at_), text_.size()); }
    void go_behind(std::string_view what) {
        go_to(what);
        at_ = std::min(at_ + what.size(), text_.size());
    }

    [[nodiscard]] bool sees_continuation() const { return sees("\\\n") || sees("\\\r\n"); }

    void skip_space() {
        for (; at_ < text_.size() && std::string_view(" \t\r\n\f\v\\").contains(text_[at_]);
             ++at_) {
            if (text_[at_] == '\n') {
                ++line_;
                at_line_start_ = true;
            } else if (text_[at_] == '\\' && !sees_continuation()) {
                return;
            }
        }
    }

    /// Moves behind the token that begins here.
    Token::Kind next() {
        using enum Token::Kind;
        const char first = text_[at_];
        if (sees("//") || sees("/*") || sees("# ") || sees("#\n")) {
            skip_comment();
            return comment;
        }
        if (first == '#' && at_line_start_) {
            skip_directive();
            return directive;
        }
        if (first == '"' || first == '\'') {
            skip_quoted();
            return first == '"' ? string : character;
        }
        if (is_digit(first) ||
            (first == '.' && at_ + 1 < text_.size() && is_digit(text_[at_ + 1]))) {
            skip_number();
            return number;
        }
        if (begins_word(first)) {
            return word_or_raw_string();
        }
        at_ += sees("::") || sees("->") ? 2 : 1;
        return punctuation;
    }

    void skip_comment() {
        if (sees("/*")) {
            at_ += 2;
            go_behind("*/");
            return;
        }
        while (at_ < text_.size() && text_[at_] != '\n') {
            at_ += sees("\\\n") ? 2 : 1;
        }
    }

    /// To the end of the line, or to its comment.
    void skip_directive() {
        while (at_ < text_.size() && text_[at_] != '\n' && !sees("//") && !sees("/*")) {
            if (text_[at_] == '"' || text_[at_] == '\'') {
                skip_quoted();
            } else {
                at_ += sees("\\\r\n") ? 3 : sees("\\\n") ? 2 : 1;
            }
        }
    }

    void skip_quoted() {
        const char quote = text_[at_++];
        while (at_ < text_.size() && text_[at_] != '\n') {
            if (text_[at_] == quote) {
                ++at_;
                return;
            }
            at_ = std::min(at_ + (text_[at_] == '\\' ? 2 : 1), text_.size());
        }
    }

    void skip_number() {
        for (; at_ < text_.size(); ++at_) {
            const char letter = text_[at_];
            const char before = text_[at_ - 1];
            const bool is_sign =
                (letter == '+' || letter == '-') && std::string_view("eEpP").contains(before);
            const bool separates =
                letter == '\'' && at_ + 1 < text_.size() && continues_word(text_[at_ + 1]);
            if (!continues_word(letter) && letter != '.' && !is_sign && !separates) {
                return;
            }
        }
    }

    Token::Kind word_or_raw_string() {
        const std::size_t start = at_;
        while (at_ < text_.size() && continues_word(text_[at_])) {
            ++at_;
        }
        const std::string_view name = text_.substr(start, at_ - start);
        const bool is_prefix =
            name == "R" || name == "LR" || name == "u8R" || name == "uR" || name == "UR";
        if (!is_prefix || !sees("\"")) {
            return Token::Kind::word;
        }
        constexpr std::size_t longest_delimiter = 16;
        const std::string_view begin = text_.substr(at_ + 1, longest_delimiter + 1);
        const std::size_t length = begin.find_first_of("( )\\\"\t\v\f\n");
        if (length == begin.npos || begin[length] != '(') {
            return Token::Kind::word; // and an ordinary string
        }
        const std::string delimiter{begin.substr(0, length)};
        go_behind(")" + delimiter + "\"");
        return Token::Kind::string;
    }

    std::string_view text_;
    std::size_t at_ = 0;
    int line_ = 1;
    bool at_line_start_ = true;
    std::vector<Token> tokens_;
};

} // namespace

std::vector<Token> lex(std::string_view text) { return Lexer(text).run(); }

std::string_view included_path(std::string_view directive) {
    const std::size_t name = directive.find_first_not_of(" \t", 1);
    if (name == directive.npos || !directive.substr(name).starts_with("include")) {
        return {};
    }
    const std::size_t open = directive.find('"');
    const std::size_t close = directive.find('"', open + 1);
    if (open == directive.npos || close == directive.npos) {
        return {};
    }
    return directive.substr(open + 1, close - open - 1);
}

} // namespace grade
