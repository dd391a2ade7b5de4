// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Limits first, so that what follows can be simple. Braces are counted over the whole file: an
/// exercise must be followed by as many that close as in the course's, or by the same tokens.
#include "autograder/overlay/student_file.hpp"

#include <algorithm>
#include <fmt/core.h>

namespace grade {

namespace {

constexpr std::size_t most_bytes = std::size_t{256} << 10;
constexpr std::ptrdiff_t most_marks = 32;
constexpr std::string_view region_begin = "// Your own helpers: begin";
constexpr std::string_view region_end = "// Your own helpers: end";

std::string without_comments(std::string_view text) {
    std::string result;
    for (const Token& token : lex(text)) {
        if (token.kind != Token::Kind::comment) {
            result.append(token.text).push_back(' ');
        }
    }
    return result;
}

std::string_view head(const StageText& text, const Exercise& exercise) {
    return std::string_view(text.content).substr(exercise.start, exercise.open - exercise.start);
}

} // namespace

std::string normalised(std::string_view text) {
    constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
    if (text.starts_with(byte_order_mark)) {
        text.remove_prefix(byte_order_mark.size());
    }
    std::string result;
    result.reserve(text.size());
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] != '\r') {
            result.push_back(text[at]);
        } else if (at + 1 == text.size() || text[at + 1] != '\n') {
            result.push_back('\n');
        }
    }
    return result;
}

StudentFile::StudentFile(const std::string& path, std::string content)
    : text_{path, path, std::move(content), {}, false} {
    read();
}

void StudentFile::read() {
    if (text_.content.size() > most_bytes) {
        unreadable_ = fmt::format("{} has more than {} KiB", text_.path, most_bytes >> 10);
        return;
    }
    if (const std::size_t zero = text_.content.find('\0'); zero != std::string::npos) {
        unreadable_ = fmt::format("{}:{} has a zero byte, so the file is no text", text_.path,
                                  1 + std::ranges::count(text_.content.substr(0, zero), '\n'));
        return;
    }
    tokens_ = lex(text_.content);
    const auto marks = std::ranges::count_if(tokens_, [](const Token& token) {
        return token.kind == Token::Kind::comment && token.text.contains("@lab");
    });
    if (marks > most_marks) {
        unreadable_ = fmt::format("{} has more than {} marks of exercises", text_.path, most_marks);
        return;
    }
    exercises_ = find_exercises(text_, problems_);
}

std::string StudentFile::why_missing(const Exercise& wanted) const {
    const std::string prefix = fmt::format("exercise {}: ", wanted.id.text());
    for (const Problem& problem : problems_.all()) {
        if (problem.text.starts_with(prefix)) {
            return fmt::format("{}:{}: `{}` was not found behind its mark: {}", text_.path,
                               problem.line, wanted.name, problem.text.substr(prefix.size()));
        }
    }
    return fmt::format("{} has no line with the mark @lab{{{}}}, which stands before `{}`",
                       text_.path, wanted.id.text(), wanted.name);
}

int StudentFile::line_of(std::size_t offset) const {
    const auto end = text_.content.begin() + static_cast<std::ptrdiff_t>(offset);
    return 1 + static_cast<int>(std::count(text_.content.begin(), end, '\n'));
}

int StudentFile::depth_at(std::size_t offset) const {
    int depth = 0;
    for (const Token& token : tokens_) {
        if (offset_of(token) >= offset) {
            break;
        }
        depth += token.is("{") ? 1 : token.is("}") ? -1 : 0;
    }
    return depth;
}

const Exercise* StudentFile::next_behind(std::size_t offset) const {
    const auto next = std::ranges::find_if(
        exercises_, [&](const Exercise& exercise) { return exercise.start >= offset; });
    return next == exercises_.end() ? nullptr : &*next;
}

bool StudentFile::balances(const Exercise& own, const StudentFile& course) const {
    const auto depth_in_course = [&](ExerciseId id) {
        const auto found = std::ranges::find(course.exercises_, id, &Exercise::id);
        return found == course.exercises_.end() ? 0 : course.depth_at(found->start);
    };
    const Exercise* next = next_behind(own.end);
    const std::size_t until = next == nullptr ? text_.content.size() : next->start;
    const int expected = next == nullptr ? 0 : depth_in_course(next->id);
    return depth_at(until) - depth_at(own.end) == expected - depth_in_course(own.id);
}

std::string StudentFile::what_follows(const Exercise& exercise) const {
    constexpr int enough = 8;
    std::string result;
    int count = 0;
    for (const Token& token : tokens_) {
        if (token.kind != Token::Kind::comment && offset_of(token) >= exercise.end) {
            result.append(token.text).push_back(' ');
            if (++count == enough) {
                break;
            }
        }
    }
    return result;
}

StudentFile::Found StudentFile::take(const Exercise& wanted, const StudentFile& course) const {
    if (!unreadable_.empty()) {
        return std::unexpected(unreadable_);
    }
    const auto found = std::ranges::find(exercises_, wanted.id, &Exercise::id);
    if (found == exercises_.end()) {
        return std::unexpected(why_missing(wanted));
    }
    const auto at = fmt::format("{}:{}: ", text_.path, found->line);
    if (std::ranges::count(exercises_, wanted.id, &Exercise::id) > 1) {
        return std::unexpected(
            fmt::format("{}the mark @lab{{{}}} stands in this file twice", at, wanted.id.text()));
    }
    if (found->kind != wanted.kind || found->name != wanted.name) {
        return std::unexpected(fmt::format("{}the mark @lab{{{}}} stands before `{}`, not `{}`", at,
                                           wanted.id.text(), found->name, wanted.name));
    }
    Taken taken{*found, found->body(text_), line_of(found->open), {}};
    if (wanted.kind == Exercise::Kind::file) {
        return taken;
    }
    const bool swallows = std::ranges::any_of(exercises_, [&](const Exercise& other) {
        return other.start > found->start && other.start < found->end;
    });
    if (swallows ||
        (!balances(*found, course) && what_follows(*found) != course.what_follows(wanted))) {
        return std::unexpected(
            fmt::format("{}the braces of `{}` do not balance by themselves", at, wanted.name));
    }
    if (without_comments(head(text_, *found)) != without_comments(head(course.text_, wanted))) {
        taken.note =
            fmt::format("{}the head of `{}` was changed; the course's was used", at, wanted.name);
    }
    return taken;
}

std::expected<Region, std::string> StudentFile::region() const {
    if (!unreadable_.empty()) {
        return std::unexpected(unreadable_);
    }
    const Token* begin = nullptr;
    const Token* end = nullptr;
    int lines = 0;
    for (const Token& token : tokens_) {
        if (token.text == region_begin) {
            begin = &token;
            ++lines;
        } else if (token.text == region_end) {
            end = &token;
            ++lines;
        }
    }
    if (lines != 2 || begin == nullptr || end == nullptr || begin > end) {
        return std::unexpected(fmt::format("{} must have one line \"{}\" and then one line \"{}\"; "
                                           "without them your helpers are not graded",
                                           text_.path, region_begin, region_end));
    }
    const std::size_t inside = offset_of(*begin) + begin->text.size() + 1;
    const std::size_t last = text_.content.rfind('\n', offset_of(*end)) + 1;
    return Region{inside, std::max(inside, last), begin->line + 1};
}

} // namespace grade
