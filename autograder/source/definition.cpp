// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A reader of declarations in three steps: up to the parameter list, up to the body, the body.
#include "autograder/source/definition.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <string_view>
#include <vector>

namespace grade {

namespace {

using Unreadable = std::unexpected<std::string>;

/// Words before parentheses that do not hold parameters.
bool takes_operand(const Token& token) {
    static constexpr std::array<std::string_view, 7> words = {
        "decltype", "noexcept", "requires", "alignas", "explicit", "sizeof", "__attribute__"};
    return std::ranges::any_of(words, [&](std::string_view word) { return token.is(word); });
}

bool begins_type(const Token& token) {
    return token.is("struct") || token.is("class") || token.is("union") || token.is("enum");
}

class Reader {
public:
    explicit Reader(std::span<const Token> tokens) {
        std::ranges::copy_if(tokens, std::back_inserter(tokens_),
                             [](const Token& token) { return token.kind != Token::Kind::comment; });
    }

    std::expected<Definition, std::string> run() {
        const std::size_t first = at_;
        skip_templates_and_attributes();
        const bool is_type = !at_end() && begins_type(here());
        const Found found = is_type ? find_type_body() : find_function_body();
        if (!found) {
            return Unreadable(found.error());
        }
        const std::size_t open = at_;
        skip_balanced();
        if (at_ == open || tokens_[at_ - 1].text != "}") {
            return Unreadable("its body is never closed");
        }
        return Definition{is_type, name_, tokens_[first], tokens_[open], tokens_[at_ - 1]};
    }

private:
    using Found = std::expected<void, std::string>;

    [[nodiscard]] bool at_end() const { return at_ >= tokens_.size(); }
    [[nodiscard]] const Token& here() const { return tokens_[at_]; }
    [[nodiscard]] bool sees(std::string_view text, std::size_t ahead = 0) const {
        return at_ + ahead < tokens_.size() && tokens_[at_ + ahead].is(text);
    }

    /// Moves behind the bracket that closes the one here. Each branch of an #if begins at the
    /// depth at which the #if stood.
    void skip_balanced() {
        std::vector<int> depths_at_if;
        int depth = 0;
        for (; !at_end(); ++at_) {
            if (here().kind == Token::Kind::directive) {
                follow_condition(depths_at_if, depth);
            } else if (sees("(") || sees("[") || sees("{")) {
                ++depth;
            } else if ((sees(")") || sees("]") || sees("}")) && --depth == 0) {
                ++at_;
                return;
            }
        }
    }

    void follow_condition(std::vector<int>& depths_at_if, int& depth) const {
        const std::string_view text = here().text.substr(1);
        const std::string_view word =
            text.substr(std::min(text.find_first_not_of(" \t"), text.size()));
        if (word.starts_with("if")) {
            depths_at_if.push_back(depth);
        } else if (word.starts_with("el") && !depths_at_if.empty()) {
            depth = depths_at_if.back();
        } else if (word.starts_with("endif") && !depths_at_if.empty()) {
            depths_at_if.pop_back();
        }
    }

    /// Moves behind the > that closes the < here.
    void skip_angles() {
        int depth = 0;
        while (!at_end()) {
            if (sees("(") || sees("[") || sees("{")) {
                skip_balanced();
                continue;
            }
            depth += sees("<") ? 1 : sees(">") ? -1 : 0;
            ++at_;
            if (depth == 0) {
                return;
            }
        }
    }

    void skip_templates_and_attributes() {
        while (sees("template") || sees("[")) {
            if (sees("[")) {
                skip_balanced();
            } else {
                ++at_;
                skip_angles();
            }
        }
    }

    Found find_type_body() {
        for (++at_; !at_end() && !sees("{"); ++at_) {
            if (sees(";")) {
                return Unreadable(
                    "it is declared here, not defined: move the mark to the definition");
            }
            if (sees("[") || sees("(")) {
                skip_balanced();
                --at_;
            } else if (name_.empty() && here().kind == Token::Kind::word && !begins_type(here()) &&
                       !takes_operand(here())) {
                name_ = here().text;
            }
        }
        return {};
    }

    Found find_function_body() {
        const Found found = find_parameters();
        return found ? find_body() : found;
    }

    /// Stops at the ( of the parameters, with the name read and the kind of return type known.
    Found find_parameters() {
        while (!at_end()) {
            if (sees("operator")) {
                read_operator();
                return {};
            }
            if (sees("<")) {
                skip_angles();
            } else if (sees("(") && follows_name()) {
                return {};
            } else if (sees("(") || sees("[") || (sees("{") && in_requires_)) {
                skip_balanced();
            } else if (sees(";") || sees("=") || sees("{") || sees("}")) {
                break;
            } else if (sees("constexpr") || sees("consteval")) {
                return Unreadable("an exercise must not be " + std::string(here().text) +
                                  ": its hole stops the program, which no constant can do");
            } else {
                read_name();
                ++at_;
            }
        }
        return Unreadable("no definition of a function or a type follows");
    }

    [[nodiscard]] bool follows_name() const {
        if (at_ == 0) {
            return false;
        }
        const Token& before = tokens_[at_ - 1];
        return (before.kind == Token::Kind::word && !takes_operand(before)) || before.is(">");
    }

    void read_name() {
        in_requires_ = in_requires_ || sees("requires");
        is_deduced_ = is_deduced_ || sees("auto") || (sees("decltype") && sees("auto", 2));
        const bool continues = name_.ends_with("::") || name_.ends_with('~');
        if (here().kind == Token::Kind::word) {
            name_ = continues ? name_ + std::string(here().text) : here().text;
        } else if (sees("::")) {
            name_ += "::";
        } else if (sees("~")) {
            name_ = continues ? name_ + "~" : "~";
        } else {
            name_.clear();
        }
    }

    void read_operator() {
        name_ = (name_.ends_with("::") ? name_ : "") + "operator";
        ++at_;
        if (sees("(") && sees(")", 1)) {
            name_ += "()";
            at_ += 2;
        }
        for (; !at_end() && !sees("("); ++at_) {
            name_ += here().kind == Token::Kind::word ? " " + std::string(here().text)
                                                      : std::string(here().text);
        }
    }

    /// From the parameters to the { of the body.
    Found find_body() {
        skip_balanced();
        in_requires_ = false;
        bool is_trailing = false;
        while (!at_end() && !sees("{")) {
            if (sees(";")) {
                return Unreadable(
                    "it is declared here, not defined: move the mark to the definition");
            }
            if (sees("=") || sees("try")) {
                return Unreadable("it has no ordinary body that could be left out");
            }
            if (sees(":")) {
                skip_initialisers();
                break;
            }
            is_trailing = is_trailing || sees("->");
            skip_suffix();
        }
        if (at_end()) {
            return Unreadable("no body follows its parameters");
        }
        if (is_deduced_ && !is_trailing) {
            return Unreadable("an exercise must not return auto: without its body nobody knows the "
                              "type; write it out, or as a trailing return type");
        }
        return {};
    }

    /// One element of what may stand behind parameters. The first requires begins a clause; one
    /// within the clause begins an expression with braces of its own.
    void skip_suffix() {
        if (sees("(") || sees("[")) {
            skip_balanced();
        } else if (sees("<")) {
            skip_angles();
        } else if (sees("requires") && in_requires_) {
            ++at_;
            if (sees("(")) {
                skip_balanced();
            }
            skip_balanced();
        } else {
            in_requires_ = in_requires_ || sees("requires");
            ++at_;
        }
    }

    /// Of a constructor: ": name(value), Base<T>{value}...". Stops behind the last.
    void skip_initialisers() {
        do {
            for (++at_; !at_end() && !sees("(") && !sees("{");) {
                if (sees("<")) {
                    skip_angles();
                } else {
                    ++at_;
                }
            }
            skip_balanced();
            while (sees(".")) {
                ++at_;
            }
        } while (sees(","));
    }

    std::vector<Token> tokens_;
    std::size_t at_ = 0;
    std::string name_;
    bool in_requires_ = false;
    bool is_deduced_ = false;
};

} // namespace

std::expected<Definition, std::string> read_definition(std::span<const Token> tokens) {
    return Reader(tokens).run();
}

} // namespace grade
