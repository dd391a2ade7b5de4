// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Bodies are compared as the compiler reads them, each name by when it first came.
#include "autograder/run/caught_up.hpp"

#include "autograder/source/catch_up_record.hpp"
#include "autograder/source/lexer.hpp"

#include <algorithm>
#include <array>
#include <fmt/core.h>

namespace grade {

namespace {

/// A body of fewer tokens may stand in a file by chance.
constexpr std::size_t many_tokens = 40;

using Words = std::vector<std::string>;

Words words_of(std::string_view text) {
    Words words;
    for (const Token& token : lex(text)) {
        if (token.kind != Token::Kind::comment) {
            words.emplace_back(token.text);
        }
    }
    return words;
}

bool is_keyword(std::string_view word) {
    static constexpr std::array<std::string_view, 17> keywords = {
        "auto", "break", "case",   "co_await", "co_return", "const", "continue", "do",   "else",
        "for",  "if",    "return", "switch",   "true",      "false", "nullptr",  "while"};
    return std::ranges::find(keywords, word) != keywords.end();
}

/// With numbers in place of names.
Words without_names(std::string_view text) {
    std::map<std::string, std::string, std::less<>> numbers;
    Words words;
    for (const Token& token : lex(text)) {
        if (token.kind == Token::Kind::word && !is_keyword(token.text)) {
            words.push_back(
                numbers.try_emplace(std::string(token.text), fmt::format("name {}", numbers.size()))
                    .first->second);
        } else if (token.kind != Token::Kind::comment) {
            words.emplace_back(token.text);
        }
    }
    return words;
}

/// Between the braces.
std::span<const std::string> inside(const Words& words) {
    const bool is_block = words.size() > 2 && words.front() == "{" && words.back() == "}";
    return is_block ? std::span(words).subspan(1, words.size() - 2) : std::span(words);
}

/// Of the tree that is graded: what the student's body became, and the file that it is in.
struct Place {
    std::string body;
    std::string_view file;
};

std::optional<Place> find_body(const Overlay& overlay, const Part& part) {
    const auto file = overlay.changed().find(part.file);
    if (part.state != Part::State::done || file == overlay.changed().end()) {
        return std::nullopt;
    }
    const StageText text{part.file, part.file, file->second.content, {}, false};
    Problems ignored; // splicing has read it
    for (const Exercise& exercise : find_exercises(text, ignored)) {
        if (exercise.id == part.id) {
            return Place{exercise.body(text), file->second.content};
        }
    }
    return std::nullopt;
}

std::string why_caught_up(const Part& part, const std::set<ExerciseId>& noted,
                          const Overlay& overlay, const GivenBodies& given) {
    if (part.state == Part::State::done && noted.contains(part.id)) {
        return fmt::format("caught up, says {}", catch_up_path);
    }
    const auto body = given.find(part.id);
    const auto own = body == given.end() ? std::nullopt : find_body(overlay, part);
    return own && is_given(body->second, own->body, own->file)
               ? fmt::format("it is the body that was given out for catching up, which {} does not "
                             "say",
                             catch_up_path)
               : std::string();
}

} // namespace

bool is_given(std::string_view given, std::string_view own, std::string_view file) {
    if (without_names(given) == without_names(own)) {
        return true;
    }
    const Words words = words_of(given);
    const auto wanted = inside(words);
    const Words all = words_of(file);
    return wanted.size() >= many_tokens && !std::ranges::search(all, wanted).empty();
}

void mark_caught_up(Result& result, const Manifest& manifest, const Submission& submission,
                    const Overlay& overlay, const GivenBodies& given) {
    const auto record = submission.files.find(catch_up_path);
    const auto noted =
        record == submission.files.end() ? std::set<ExerciseId>() : caught_up_ids(record->second);
    for (const Part& part : overlay.parts()) {
        const auto said = std::ranges::find(manifest.exercises, part.id, &ManifestExercise::id);
        const auto found = std::ranges::find(result.exercises, part.id.text(), &ExerciseResult::id);
        if (said == manifest.exercises.end() || found == result.exercises.end()) {
            continue;
        }
        const std::string why = why_caught_up(part, noted, overlay, given);
        if (!why.empty()) {
            found->state = ExerciseState::caught_up;
            found->cap = said->catch_up;
            found->message = fmt::format("{}{}{}: counts {} %", found->message,
                                         found->message.empty() ? "" : "; ", why, found->cap);
        }
    }
}

} // namespace grade
