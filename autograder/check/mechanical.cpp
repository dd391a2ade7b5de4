// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Walking over the tokens of a body.
#include "autograder/check/mechanical.hpp"

#include "autograder/source/lexer.hpp"

#include <algorithm>
#include <array>
#include <fmt/core.h>

namespace grade {

namespace {

/// Operators and what is written in their place. Of those that begin alike the longer come first.
constexpr std::array<std::pair<std::string_view, std::string_view>, 18> operators = {{
    {"==", "!="},
    {"!=", "=="},
    {"<=", "<"},
    {">=", ">"},
    {"<<", ">>"},
    {">>", "<<"},
    {"&&", "||"},
    {"||", "&&"},
    {"++", "--"},
    {"--", "++"},
    {"+=", "-="},
    {"-=", "+="},
    {"<", "<="},
    {">", ">="},
    {"+", "-"},
    {"-", "+"},
    {"&", "|"},
    {"|", "&"},
}};

/// A statement of one line or more, without the white space around it.
struct Statement {
    std::size_t start;
    std::size_t end; ///< behind its ';'
    int depth;
};

class Mutator {
public:
    explicit Mutator(const Place& place)
        : id_(place.exercise.id), body_(place.exercise.body(*place.text)), tokens_(lex(body_)) {}

    std::vector<Mutant> of_cpp() {
        for (std::size_t i = 0; i < tokens_.size(); ++i) {
            take_operator(i);
            take_constant(tokens_[i]);
            take_condition(i);
        }
        take_statements();
        return std::move(mutants_);
    }

    std::vector<Mutant> of_assembler() {
        for (const std::string_view line : split_lines(body_)) {
            const std::string_view text = trim(line.substr(0, line.find(" #"))); // without comment
            if (is_instruction(text)) {
                const auto start = static_cast<std::size_t>(text.data() - body_.data());
                add(fmt::format("left out: {}", text), start, start + text.size(), "");
            }
        }
        return std::move(mutants_);
    }

private:
    /// Not a comment, a label, a name for something, or a word to the assembler; but these are
    /// written `.insn` and `.word` where it does not know them.
    static bool is_instruction(std::string_view text) {
        return !text.empty() && !text.starts_with('#') && !text.contains(':') &&
               (!text.starts_with('.') || text.starts_with(".insn") || text.starts_with(".word"));
    }

    [[nodiscard]] std::size_t offset(const Token& token) const {
        return static_cast<std::size_t>(token.text.data() - body_.data());
    }

    /// The line in which it stands, without the white space around it.
    [[nodiscard]] std::string_view line_of(const Token& token) const {
        const std::string_view body = body_;
        const std::string_view line = body.substr(body.rfind('\n', offset(token)) + 1);
        return trim(line.substr(0, line.find('\n')));
    }

    void add(std::string what, std::size_t start, std::size_t end, std::string_view with) {
        Mutant mutant;
        mutant.exercise = id_;
        mutant.id = fmt::format("{}-m{}", id_.text(), mutants_.size() + 1);
        // The same can be done in several places of a line.
        const auto same = std::ranges::count_if(
            mutants_, [&](const Mutant& other) { return other.what.starts_with(what); });
        mutant.what = same == 0 ? std::move(what) : fmt::format("{} ({})", what, same + 1);
        mutant.replace = body_;
        mutant.with = body_.substr(0, start);
        mutant.with += with;
        mutant.with += body_.substr(end);
        mutants_.push_back(std::move(mutant));
    }

    void take_operator(std::size_t i) {
        const Token& token = tokens_[i];
        // Not the second half of one, and not a sign or an address: those come behind no value.
        if (token.kind != Token::Kind::punctuation || i == 0 || token.text.size() != 1) {
            return;
        }
        const Token& before = tokens_[i - 1];
        const bool adjacent = offset(before) + before.text.size() == offset(token);
        if (adjacent && before.kind == Token::Kind::punctuation &&
            std::string_view("=!<>&|+-*/%^").contains(before.text[0])) {
            return;
        }
        const std::string_view rest = std::string_view(body_).substr(offset(token));
        for (const auto& [old_one, new_one] : operators) {
            if (rest.starts_with(old_one)) {
                const bool is_value = before.kind == Token::Kind::word ||
                                      before.kind == Token::Kind::number || before.is(")") ||
                                      before.is("]");
                if (is_value || old_one == "++" || old_one == "--") {
                    add(fmt::format("{} instead of {}: {}", new_one, old_one, line_of(token)),
                        offset(token), offset(token) + old_one.size(), new_one);
                }
                return;
            }
        }
    }

    void take_constant(const Token& token) {
        const auto replace = [&](std::string_view with) {
            add(fmt::format("{} instead of {}: {}", with, token.text, line_of(token)),
                offset(token), offset(token) + token.text.size(), with);
        };
        if (token.is("true")) {
            replace("false");
        } else if (token.is("false")) {
            replace("true");
        } else if (token.kind == Token::Kind::number && std::ranges::all_of(token.text, is_digit)) {
            replace(std::to_string(std::stoull(std::string(token.text)) + 1));
        }
    }

    /// `if (x)` and `while (x)` become their opposites.
    void take_condition(std::size_t i) {
        if (!tokens_[i].is("if") && !tokens_[i].is("while")) {
            return;
        }
        if (i + 1 >= tokens_.size() || !tokens_[i + 1].is("(")) {
            return;
        }
        int depth = 0;
        std::size_t start = i + 1;
        for (std::size_t at = i + 1; at < tokens_.size(); ++at) {
            depth += tokens_[at].is("(") ? 1 : tokens_[at].is(")") ? -1 : 0;
            if (depth == 1 && tokens_[at].is(";")) {
                start = at; // behind a declaration
            }
            if (depth == 0) {
                const std::size_t from = offset(tokens_[start]) + 1;
                const std::string condition = body_.substr(from, offset(tokens_[at]) - from);
                add(fmt::format("the opposite: {}", line_of(tokens_[i])), from, offset(tokens_[at]),
                    fmt::format("!({})", condition));
                return;
            }
        }
    }

    /// Whether a statement can be left out: it does something, declares and returns nothing.
    static bool may_go(std::string_view text) {
        return text != ";" && !text.starts_with("return") && !text.starts_with("co_return") &&
               !text.starts_with("const ") && !text.starts_with("auto ") &&
               !text.starts_with("else") && !text.starts_with("case") &&
               !text.starts_with("default");
    }

    void take_statements() {
        const std::vector<Statement> all = statements();
        for (std::size_t i = 0; i < all.size(); ++i) {
            const std::string text = body_.substr(all[i].start, all[i].end - all[i].start);
            if (may_go(text)) {
                const bool holds_others = text.contains('\n') && text.contains('{');
                if (!holds_others) {
                    add(fmt::format("left out: {}", text.substr(0, text.find('\n'))), all[i].start,
                        all[i].end, ";");
                }
            }
            if (i + 1 < all.size() && all[i].depth == all[i + 1].depth && may_go(text)) {
                exchange(all[i], all[i + 1]);
            }
        }
    }

    void exchange(const Statement& first, const Statement& second) {
        const std::string between = body_.substr(first.end, second.start - first.end);
        if (between.find_first_not_of(" \n\t") != between.npos) {
            return; // a brace: they do not follow each other
        }
        const std::string one = body_.substr(first.start, first.end - first.start);
        const std::string two = body_.substr(second.start, second.end - second.start);
        if (may_go(two)) {
            add(fmt::format("exchanged with the next: {}", one.substr(0, one.find('\n'))),
                first.start, second.end, two + between + one);
        }
    }

    /// Does a brace in a statement begin a value, not a block? One that stands behind a name, `=`
    /// or `return` does.
    [[nodiscard]] bool begins_value(std::size_t start, std::size_t brace) const {
        if (start == body_.npos) {
            return false;
        }
        const std::string_view before = trim(std::string_view(body_).substr(start, brace - start));
        return !before.ends_with(')') && !before.ends_with(']') && before != "else" &&
               !before.ends_with(" else") && before != "do" && before != "try";
    }

    /// Simple statements, each up to its ';'. Those of `for` heads are not.
    [[nodiscard]] std::vector<Statement> statements() const {
        std::vector<Statement> found;
        int depth = 0;
        int brackets = 0;
        int values = 0; // braces around parts of a value
        std::size_t start = body_.npos;
        for (const Token& token : tokens_) {
            if (token.kind == Token::Kind::comment) {
                continue;
            }
            brackets += token.is("(") ? 1 : token.is(")") ? -1 : 0;
            if (token.is("{") && begins_value(start, offset(token))) {
                ++values;
            } else if (token.is("}") && values > 0) {
                --values;
            } else if (brackets == 0 && (token.is("{") || token.is("}"))) {
                depth += token.is("{") ? 1 : -1;
                start = body_.npos;
                continue;
            }
            if (start == body_.npos) {
                start = offset(token);
            }
            if (brackets == 0 && values == 0 && token.is(";")) {
                found.push_back({start, offset(token) + 1, depth});
                start = body_.npos;
            }
        }
        return found;
    }

    ExerciseId id_;
    std::string body_;
    std::vector<Token> tokens_;
    std::vector<Mutant> mutants_;
};

} // namespace

std::vector<Mutant> mechanical_mutants(const Place& place) {
    Mutator mutator(place);
    if (place.text->language() == Language::assembler) {
        return mutator.of_assembler();
    }
    return place.exercise.kind == Exercise::Kind::file ? std::vector<Mutant>() : mutator.of_cpp();
}

SourceFile apply(const Mutant& mutant, const Place& place) {
    SourceFile file{place.text->path, place.text->content, place.text->is_executable};
    file.content.replace(place.exercise.open, place.exercise.end - place.exercise.open,
                         mutant.with);
    return file;
}

} // namespace grade
