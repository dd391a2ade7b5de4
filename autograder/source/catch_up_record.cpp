// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Read line by line: the reader of TOML is for files of the course.
#include "autograder/source/catch_up_record.hpp"

#include "autograder/source/language.hpp"

#include <algorithm>
#include <string>

namespace grade {

std::optional<ExerciseId> read_exercise_id(std::string_view word) {
    const std::size_t dot = word.find('.');
    const auto is_number = [](std::string_view text) {
        return !text.empty() && text.size() <= 2 && std::ranges::all_of(text, [](char letter) {
            return letter >= '0' && letter <= '9';
        });
    };
    if (dot == std::string_view::npos || !is_number(word.substr(0, dot)) ||
        !is_number(word.substr(dot + 1))) {
        return std::nullopt;
    }
    return ExerciseId{std::stoi(std::string(word.substr(0, dot))),
                      std::stoi(std::string(word.substr(dot + 1)))};
}

std::set<ExerciseId> caught_up_ids(std::string_view record) {
    std::set<ExerciseId> ids;
    for (std::string_view line : split_lines(record)) {
        line = trim(line);
        const std::size_t begin = line.find('"');
        const std::size_t end = line.find('"', begin + 1);
        if (!line.starts_with("id") || end == std::string_view::npos) {
            continue;
        }
        if (const auto id = read_exercise_id(line.substr(begin + 1, end - begin - 1))) {
            ids.insert(*id);
        }
    }
    return ids;
}

} // namespace grade
