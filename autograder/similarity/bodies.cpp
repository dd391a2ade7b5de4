// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Marks of a submission are read as those of the course are; what is wrong with them is the
/// grader's affair, so problems are dropped.
#include "autograder/similarity/bodies.hpp"

#include "autograder/results/atomic_file.hpp"
#include "autograder/source/exercise.hpp"
#include "autograder/source/manifest.hpp"

#include <algorithm>
#include <fmt/core.h>

namespace grade {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t longest_file = 1U << 18U;
constexpr std::size_t longest_line = 4096;

StageText text_of(const SourceFile& file) {
    return {file.path, file.path, file.content, {}, false};
}

/// Marks are looked for by regular expressions, which long lines would exhaust.
bool is_readable(std::string_view text) {
    return std::ranges::all_of(split_lines(text),
                               [](std::string_view line) { return line.size() <= longest_line; });
}

/// No part of the path is a link or leads up.
bool is_inside(const fs::path& root, const fs::path& path) {
    fs::path place = root;
    for (const fs::path& part : path) {
        place /= part;
        std::error_code ignored;
        if (part == ".." || part.is_absolute() || fs::is_symlink(place, ignored)) {
            return false;
        }
    }
    return true;
}

std::optional<SourceFile> read_inside(const fs::path& root, const std::string& path) {
    if (!is_inside(root, path)) {
        return std::nullopt;
    }
    auto content = read_file(root / path, longest_file);
    return content ? std::optional(SourceFile{path, std::move(*content), false}) : std::nullopt;
}

/// Between the two fixed lines; empty if there is none.
std::string_view helpers_of(std::string_view text) {
    constexpr std::string_view begin = "// Your own helpers: begin\n";
    constexpr std::string_view end = "// Your own helpers: end";
    const std::size_t first = text.find(begin);
    const std::size_t last = first == std::string_view::npos ? first : text.find(end, first);
    return last == std::string_view::npos
               ? std::string_view()
               : text.substr(first + begin.size(), last - first - begin.size());
}

void add_skeletons(std::vector<SourceBody>& known, const fs::path& root,
                   std::span<const std::string> files, int lab) {
    std::error_code ignored;
    for (const fs::directory_entry& entry : fs::directory_iterator(root / "labs", ignored)) {
        const std::string folder = "labs/" + entry.path().filename().string();
        if (lab_of_path(folder + "/") != lab) {
            continue;
        }
        for (const std::string& path : files) {
            if (const auto skeleton =
                    read_inside(root, fmt::format("{}/starter/{}", folder, path))) {
                known.push_back({path, skeleton->content, skeleton->language()});
            }
        }
    }
}

} // namespace

std::vector<SourceBody> bodies_of(const SourceFile& file, int lab) {
    Problems dropped;
    const StageText text = text_of(file);
    const Language language = text.language();
    std::vector<SourceBody> bodies;
    const auto exercises =
        is_readable(text.content) ? find_exercises(text, dropped) : std::vector<Exercise>();
    for (const Exercise& exercise : exercises) {
        if (exercise.id.lab == lab) {
            const bool whole = exercise.kind == Exercise::Kind::file;
            bodies.push_back({whole ? file.path : fmt::format("{}: {}", file.path, exercise.name),
                              exercise.body(text), language});
        }
    }
    if (bodies.empty()) {
        return {{file.path, file.content, language}};
    }
    const std::string_view helpers = helpers_of(file.content);
    if (!trim(helpers).empty()) {
        bodies.push_back({file.path + ": helpers", std::string(helpers), language});
    }
    return bodies;
}

std::vector<SourceBody> read_bodies(const fs::path& root, std::span<const std::string> files,
                                    int lab) {
    std::vector<SourceBody> bodies;
    for (const std::string& path : files) {
        if (const auto file = read_inside(root, path)) {
            std::ranges::move(bodies_of(*file, lab), std::back_inserter(bodies));
        }
    }
    return bodies;
}

std::vector<SourceBody> read_known_bodies(const fs::path& root, std::span<const std::string> files,
                                          int lab) {
    std::vector<SourceBody> known;
    for (const std::string& path : files) {
        const auto file = read_inside(root, path);
        if (!file) {
            continue;
        }
        // The whole file: its holes aside, a starter has nothing that the source has not.
        known.push_back({path, file->content, file->language()});
        known.push_back({path, "{ lab::todo(\"" + path + "\"); }", Language::c_like});
    }
    add_skeletons(known, root, files, lab);
    return known;
}

} // namespace grade
