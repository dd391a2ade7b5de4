// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Places are replaced from the last to the first, so that those before stay where they are.
#include "autograder/student/own_text.hpp"

#include "autograder/source/lexer.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <ranges>

namespace grade {

namespace {

struct Place {
    std::size_t begin;
    std::size_t end;
    std::string text;
};

struct Region {
    std::size_t begin; ///< behind the first line
    std::size_t end;   ///< where the last line begins
};

std::size_t line_start(const std::string& text, std::size_t offset) {
    return text.rfind('\n', offset) + 1;
}

std::optional<Region> find_region(const std::string& content) {
    std::optional<std::size_t> begin;
    for (const Token& token : lex(content)) {
        const auto offset = static_cast<std::size_t>(token.text.data() - content.data());
        if (token.kind != Token::Kind::comment) {
            continue;
        }
        if (token.text == "// Your own helpers: begin") {
            begin = offset + token.text.size() + 1;
        } else if (token.text == "// Your own helpers: end" && begin) {
            return Region{*begin, std::max(*begin, line_start(content, offset))};
        }
    }
    return std::nullopt;
}

/// Most files have neither, and need not be read closely.
bool may_have_own_text(const std::string& content) {
    return content.contains("@lab") || content.contains("Your own helpers");
}

StageText stage_text(const SourceFile& file) { return {file.path, file.path, file.content, {}}; }

} // namespace

std::string with_plain_line_ends(std::string text) {
    for (std::size_t at = 0; (at = text.find("\r\n", at)) != std::string::npos;) {
        text.erase(at, 1);
    }
    return text;
}

OwnText own_text(const SourceFile& file, Problems& problems) {
    OwnText result;
    if (!may_have_own_text(file.content)) {
        return result;
    }
    const StageText text = stage_text(file);
    for (const Exercise& exercise : find_exercises(text, problems)) {
        result.exercises.emplace(exercise.id, exercise.body(text));
    }
    if (const auto region = find_region(file.content)) {
        result.helpers = file.content.substr(region->begin, region->end - region->begin);
    }
    return result;
}

std::string put_own_text(const SourceFile& file, const OwnText& text) {
    if (!may_have_own_text(file.content)) {
        return file.content;
    }
    Problems ignored; // the file is the staff's, or its problems were shown
    std::vector<Place> places;
    for (const Exercise& exercise : find_exercises(stage_text(file), ignored)) {
        const auto found = text.exercises.find(exercise.id);
        if (found != text.exercises.end()) {
            if (exercise.kind == Exercise::Kind::file) {
                return found->second;
            }
            places.push_back({exercise.open, exercise.end, found->second});
        }
    }
    const auto region = find_region(file.content);
    if (region && text.helpers) {
        places.push_back({region->begin, region->end, *text.helpers});
    }
    std::ranges::sort(places, {}, &Place::begin);
    std::string content = file.content;
    for (const Place& place : places | std::views::reverse) {
        content.replace(place.begin, place.end - place.begin, place.text);
    }
    return content;
}

bool is_hole(const std::string& body, ExerciseId id) {
    std::string code;
    for (const Token& token : lex(body)) {
        if (token.kind != Token::Kind::comment) {
            code += token.text;
        }
    }
    return code.contains(fmt::format("lab::todo(\"{}\")", id.text()));
}

} // namespace grade
