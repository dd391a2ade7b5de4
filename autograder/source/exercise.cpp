// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Marks are found among comment tokens, so text in strings is never one.
#include "autograder/source/exercise.hpp"

#include "autograder/source/definition.hpp"

#include <fmt/core.h>
#include <optional>
#include <ranges>
#include <span>

namespace grade {

namespace {

constexpr std::string_view mark_form = "write \"/// @lab{N.M} what is to be done\", on one line";
constexpr std::string_view region_begin = "// Your own helpers: begin";
constexpr std::string_view region_end = "// Your own helpers: end";
constexpr std::size_t columns = 100;

/// As mark_form says, or the same behind a #.
std::optional<ExerciseId> read_mark(std::string_view comment) {
    const auto skip = [&](std::string_view what) {
        const bool is_there = comment.starts_with(what);
        comment.remove_prefix(is_there ? what.size() : 0);
        return is_there;
    };
    const auto digit = [&](char least) {
        const bool is_there = !comment.empty() && comment[0] >= least && is_digit(comment[0]);
        const int value = is_there ? comment[0] - '0' : -1;
        comment.remove_prefix(is_there ? 1 : 0);
        return value;
    };
    if (!(skip("///") || skip("#")) || !skip(" @lab{")) {
        return std::nullopt;
    }
    constexpr int labs = 7;
    const int lab = digit('1');
    const bool has_point = skip(".");
    int number = digit('1');
    const int more = digit('0');
    number = more < 0 ? number : number * 10 + more;
    if (lab < 1 || lab > labs || !has_point || number < 1 || !skip("} ") || comment.empty() ||
        std::string_view(" \t\n").contains(comment[0]) || comment.contains('\n')) {
        return std::nullopt;
    }
    return ExerciseId{lab, number};
}

std::size_t offset_of(const StageText& text, const Token& token) {
    return static_cast<std::size_t>(token.text.data() - text.content.data());
}

/// The doc comment around one of its lines.
struct Block {
    std::size_t begin;
    std::size_t end;
};

Block block_around(std::span<const Token> tokens, std::size_t at) {
    const auto joined = [&](std::size_t upper) {
        return tokens[upper].text.starts_with("///") && tokens[upper + 1].text.starts_with("///") &&
               tokens[upper].line + 1 == tokens[upper + 1].line;
    };
    Block block{at, at + 1};
    while (block.begin > 0 && joined(block.begin - 1)) {
        --block.begin;
    }
    while (block.end < tokens.size() && joined(block.end - 1)) {
        ++block.end;
    }
    return block;
}

class Finder {
public:
    Finder(const StageText& text, Problems& problems)
        : text_(text), problems_(problems), tokens_(lex(text.content)) {}

    std::vector<Exercise> run() {
        for (std::size_t at = 0; at < tokens_.size(); ++at) {
            const Token& token = tokens_[at];
            if (token.kind != Token::Kind::comment || !token.text.contains("@lab")) {
                continue;
            }
            if (const auto id = read_mark(token.text)) {
                add(*id, at);
            } else {
                text_.report(problems_, token.line, fmt::format("bad mark: {}", mark_form));
            }
        }
        check_regions();
        check_header();
        return std::move(found_);
    }

private:
    void add(ExerciseId id, std::size_t at) {
        const Block block = block_around(tokens_, at);
        const std::span all(tokens_);
        const bool is_file =
            text_.language() == Language::assembler ||
            std::ranges::any_of(all.subspan(block.begin, block.end - block.begin),
                                [](const Token& token) { return token.text.contains("@file"); });
        const int line = text_.source_line(tokens_[at].line);
        if (is_file) {
            found_.push_back({id, Exercise::Kind::file, text_.path, text_.path, line, 0, 0,
                              text_.content.size(), count_code_lines(text_.content)});
            return;
        }
        const auto definition = read_definition(all.subspan(block.end));
        if (!definition) {
            text_.report(problems_, tokens_[at].line,
                         fmt::format("exercise {}: {}", id.text(), definition.error()));
            return;
        }
        const auto kind = definition->is_type ? Exercise::Kind::type : Exercise::Kind::function;
        const std::size_t open = offset_of(text_, definition->open);
        const std::size_t end = offset_of(text_, definition->close) + 1;
        const auto inside = std::string_view(text_.content).substr(open + 1, end - open - 2);
        found_.push_back({id, kind, definition->name, text_.path, line,
                          offset_of(text_, definition->first), open, end,
                          count_code_lines(inside)});
    }

    void check_regions() const {
        int begins = 0;
        int ends = 0;
        int last = 1;
        for (const Token& token : tokens_) {
            begins += token.text == region_begin ? 1 : 0;
            ends += token.text == region_end && begins == 1 ? 1 : 0;
            last = token.text == region_begin || token.text == region_end ? token.line : last;
        }
        const int wanted = needs_region() ? 1 : 0;
        if (text_.language() == Language::c_like && (begins != wanted || ends != wanted)) {
            text_.report(problems_, last,
                         fmt::format("{} region for a student's helpers is needed here, a line "
                                     "\"{}\" and a line \"{}\"",
                                     wanted == 1 ? "exactly one" : "no", region_begin, region_end));
        }
    }

    [[nodiscard]] bool has(Exercise::Kind kind) const {
        return std::ranges::any_of(found_, [&](const Exercise& each) { return each.kind == kind; });
    }
    [[nodiscard]] bool needs_region() const {
        return has(Exercise::Kind::function) || has(Exercise::Kind::type);
    }

    /// A hole calls lab::todo().
    void check_header() const {
        const bool included = std::ranges::any_of(tokens_, [](const Token& token) {
            return token.kind == Token::Kind::directive &&
                   included_path(token.text).ends_with("/todo.hpp");
        });
        if (has(Exercise::Kind::function) && !included) {
            problems_.add(text_.source_path, found_.front().line,
                          "a file with exercises needs #include \"kernel/lib/todo.hpp\"");
        }
    }

    const StageText& text_;
    Problems& problems_;
    std::vector<Token> tokens_;
    std::vector<Exercise> found_;
};

std::string hole(const std::string& content, const Exercise& function) {
    const std::size_t line_start = content.rfind('\n', function.start) + 1;
    const std::string indent(function.start - line_start, ' ');
    const std::string call = fmt::format("lab::todo(\"{}\");", function.id.text());
    const std::string one_line = fmt::format("{{ {} }}", call);
    const bool fits = function.open - line_start + one_line.size() <= columns;
    const std::string_view head(content.data() + function.start, function.open - function.start);
    return fits && !head.contains('\n') ? one_line
                                        : fmt::format("{{\n{0}    {1}\n{0}}}", indent, call);
}

} // namespace

std::string ExerciseId::text() const { return fmt::format("{}.{}", lab, number); }

std::vector<Exercise> find_exercises(const StageText& text, Problems& problems) {
    return is_code(text.language()) ? Finder(text, problems).run() : std::vector<Exercise>();
}

void make_holes(StageText& text, const std::vector<Exercise>& functions) {
    const auto line_of = [&](std::size_t offset) {
        return std::ranges::count(text.content.begin(),
                                  text.content.begin() + static_cast<std::ptrdiff_t>(offset), '\n');
    };
    for (const Exercise& function : functions | std::views::reverse) {
        const std::string replacement = hole(text.content, function);
        const auto first = text.source_lines.begin() + line_of(function.open);
        const auto last = text.source_lines.begin() + line_of(function.end);
        const auto lines = std::ranges::count(replacement, '\n');
        const int source = *first;
        const auto rest = text.source_lines.erase(first, last);
        text.source_lines.insert(rest, static_cast<std::size_t>(lines), source);
        text.content.replace(function.open, function.end - function.open, replacement);
    }
}

int count_code_lines(std::string_view text) {
    int count = 0;
    int last = 0;
    for (const Token& token : lex(text)) {
        const auto inner = static_cast<int>(std::ranges::count(token.text, '\n'));
        if (token.kind != Token::Kind::comment) {
            count += inner + (token.line != last ? 1 : 0);
            last = token.line + inner;
        }
    }
    return count;
}

} // namespace grade
