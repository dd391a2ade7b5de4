// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Source files, and a file as one stage has it.
/// Always holds: a StageText knows for each of its lines the line of the source that it came from.
/// Read next: source_tree.hpp.
#pragma once

#include "autograder/source/language.hpp"
#include "autograder/source/problems.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace grade {

struct SourceFile {
    std::string path; ///< from the top folder
    std::string content;
    bool is_executable = false;

    [[nodiscard]] Language language() const { return language_of(path, content); }
};

struct StageText {
    std::string path;        ///< in the derived tree
    std::string source_path; ///< another one where a skeleton took its place
    std::string content;
    std::vector<int> source_lines; ///< for each line of content
    bool is_executable = false;

    [[nodiscard]] Language language() const { return language_of(path, content); }
    [[nodiscard]] int source_line(int line) const {
        const auto index = static_cast<std::size_t>(line - 1);
        return index < source_lines.size() ? source_lines[index] : line;
    }
    /// @param line a line of content
    void report(Problems& problems, int line, std::string text) const {
        problems.add(source_path, source_line(line), std::move(text));
    }
};

} // namespace grade
