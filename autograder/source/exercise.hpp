// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Exercises: what a student writes. One is marked by a line of its doc comment, the lab's number
/// and its own in braces and what is to be done in one line; it is the function or the type that
/// follows, or the whole file if the mark stands in the file's comment, or in assembler. A file
/// with exercises that are functions or types has one region for the student's own helpers, between
/// two fixed lines. Always holds: what find_exercises gives can become a hole. Read next:
/// definition.hpp.
#pragma once

#include "autograder/source/stage_text.hpp"

#include <compare>
#include <string>
#include <vector>

namespace grade {

struct ExerciseId {
    int lab;
    int number;

    auto operator<=>(const ExerciseId&) const = default;
    [[nodiscard]] std::string text() const;
};

struct Exercise {
    enum class Kind { function, type, file };

    ExerciseId id;
    Kind kind;
    std::string name; ///< of the function or type, as in its definition; of a file its path
    std::string path;
    int line;          ///< of the mark, in the source
    std::size_t start; ///< where the declaration begins
    std::size_t open;  ///< where the body begins, braces included; of a file 0
    std::size_t end;   ///< behind the body
    int lines;         ///< of code in the body

    [[nodiscard]] std::string body(const StageText& text) const {
        return text.content.substr(open, end - open);
    }
};

/// The exercises of one file, and what is wrong with their marks.
[[nodiscard]] std::vector<Exercise> find_exercises(const StageText& text, Problems& problems);

/// Puts holes in place of the bodies of these functions, in order of place, of one file. A hole is
/// laid out as clang-format would: in one line with its function if that fits.
void make_holes(StageText& text, const std::vector<Exercise>& functions);

/// Lines that are not empty and not only comment.
[[nodiscard]] int count_code_lines(std::string_view text);

} // namespace grade
