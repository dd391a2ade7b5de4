// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Small source trees for the tests of derive, written as text, and what is derived from them.
#pragma once

#include "autograder/derive/tree.hpp"

#include <initializer_list>
#include <map>
#include <string>
#include <utility>
#include <vector>

struct Derived {
    std::map<std::string, std::string> files;
    std::vector<std::string> problems; ///< "path:line: text"

    /// Exactly one problem, which has this in it.
    [[nodiscard]] bool only_says(const std::string& text) const {
        return problems.size() == 1 && problems[0].contains(text);
    }
    [[nodiscard]] std::string all_problems() const {
        std::string all;
        for (const std::string& problem : problems) {
            all += problem + "\n";
        }
        return all;
    }
};

inline Derived derive_from(const grade::SourceTree& source, int lab, grade::Kind kind) {
    grade::Problems problems;
    const grade::Course course(source, problems);
    Derived result;
    for (const grade::StageText& text : grade::derive_tree(course, lab, kind, problems)) {
        result.files.emplace(text.path, text.content);
    }
    for (const grade::Problem& problem : problems.all()) {
        result.problems.push_back(problem.path + ":" + std::to_string(problem.line) + ": " +
                                  problem.text);
    }
    return result;
}

using Files = std::initializer_list<std::pair<std::string, std::string>>;

/// @param files without labs/stages.toml and lib/todo.hpp
inline Derived derive_from(const Files& files, int lab, grade::Kind kind = grade::Kind::starter) {
    std::vector<grade::SourceFile> sources = {
        {"labs/stages.toml", "[stages]\n\"lib/\" = 1\n\"labs/\" = \"staff\"\n"},
        {"lib/todo.hpp", "namespace lab { [[noreturn]] void todo(const char*); }\n"}};
    for (const auto& [path, content] : files) {
        std::erase_if(sources, [&](const auto& source) { return source.path == path; });
        sources.push_back({path, content});
    }
    return derive_from(grade::SourceTree(std::move(sources)), lab, kind);
}

/// A file of stage 1 with one exercise, 1.1, after the given text.
inline std::string with_exercise(const std::string& definition) {
    return "/// @file\n/// @stage{1}\n#include \"lib/todo.hpp\"\n"
           "// Your own helpers: begin\n// Your own helpers: end\n/// @lab{1.1} do it\n" +
           definition;
}
