// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Reading a manifest, and holding it against the marks in the sources.
#include "autograder/source/manifest.hpp"

#include "autograder/source/toml.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fmt/core.h>
#include <regex>

namespace grade {

namespace {

constexpr int most_points = 100;
constexpr int most_difficult = 5;
constexpr int most_lines = 1000;
constexpr int most_per_cent = 100;

std::optional<ExerciseId> read_id(std::string_view text) {
    static const std::regex form(R"(([1-7])\.([1-9][0-9]?))");
    std::cmatch match;
    return std::regex_match(text.begin(), text.end(), match, form)
               ? std::optional(ExerciseId{std::stoi(match[1]), std::stoi(match[2])})
               : std::nullopt;
}

class ExerciseReader {
public:
    ExerciseReader(const toml::table& table, const Manifest& manifest, Problems& problems)
        : table_(table), manifest_(manifest), problems_(problems) {}

    ManifestExercise run() {
        check_keys();
        ManifestExercise exercise;
        exercise.line = line_of(table_);
        exercise.file = text("file");
        const auto id = read_id(text("id"));
        if (!id || id->lab != manifest_.lab) {
            report(fmt::format("an id here is \"{0}.1\", \"{0}.2\" and so on", manifest_.lab));
        }
        exercise.id = id.value_or(ExerciseId{manifest_.lab, 0});
        exercise.kind = table_.contains("function") ? Exercise::Kind::function
                        : table_.contains("type")   ? Exercise::Kind::type
                                                    : Exercise::Kind::file;
        exercise.name = exercise.kind == Exercise::Kind::function ? text("function")
                        : exercise.kind == Exercise::Kind::type   ? text("type")
                                                                  : exercise.file;
        exercise.points = number("points", 0, most_points);
        exercise.difficulty = number("difficulty", 1, most_difficult);
        exercise.reference_lines = number("reference_lines", 1, most_lines);
        exercise.catch_up =
            table_.contains("catch_up") ? number("catch_up", 0, most_per_cent) : manifest_.catch_up;
        return exercise;
    }

private:
    void check_keys() {
        static constexpr std::array<std::string_view, 8> keys = {
            "id",         "function",        "type",    "file", "points",
            "difficulty", "reference_lines", "catch_up"};
        for (const auto& [key, node] : table_) {
            if (std::ranges::find(keys, key.str()) == keys.end()) {
                problems_.add(manifest_.path, line_of(node),
                              fmt::format("`{}` is no key of an exercise", key.str()));
            }
        }
    }

    std::string text(std::string_view key) {
        auto value = table_[key].value_or(std::string());
        if (value.empty()) {
            report(fmt::format("an exercise needs `{}`, a text", key));
        }
        return value;
    }

    int number(std::string_view key, int least, int most) {
        const int value = table_[key].value_or(least - 1);
        if (value < least || value > most) {
            report(fmt::format("an exercise needs `{}`, {} to {}", key, least, most));
        }
        return value;
    }

    void report(std::string text) {
        problems_.add(manifest_.path, line_of(table_), std::move(text));
    }

    const toml::table& table_;
    const Manifest& manifest_;
    Problems& problems_;
};

bool has_form_of_hours(const toml::table& table) {
    const auto least = table["hours"][0].value<int>();
    const auto most = table["hours"][1].value<int>();
    return least && most && 0 < *least && *least <= *most;
}

/// The number is for people, who shall not be told of every line that was joined or split.
bool about_equal(int said, int counted) { return std::abs(said - counted) <= 2 + counted / 10; }

void compare_one(const ManifestExercise& said, const Exercise& found, const std::string& path,
                 Problems& problems) {
    const auto report = [&](std::string text) {
        problems.add(path, said.line, fmt::format("exercise {}: {}", said.id.text(), text));
    };
    if (said.file != found.path) {
        report(fmt::format("is marked in {0}, line {1}: file = \"{0}\"", found.path, found.line));
    }
    // A member that is defined in its class is marked with its own name only.
    if (said.kind != found.kind ||
        (said.name != found.name && !said.name.ends_with("::" + found.name))) {
        report(fmt::format("{} line {} marks the {} {}", found.path, found.line,
                           found.kind == Exercise::Kind::function ? "function"
                           : found.kind == Exercise::Kind::type   ? "type"
                                                                  : "file",
                           found.name));
    }
    if (!about_equal(said.reference_lines, found.lines)) {
        report(fmt::format("the reference has another length: reference_lines = {}", found.lines));
    }
}

} // namespace

std::optional<int> lab_of_path(std::string_view path) {
    static const std::regex form(R"(labs/([1-7])-[a-z0-9-]+/.*)");
    std::cmatch match;
    return std::regex_match(path.begin(), path.end(), match, form)
               ? std::optional(std::stoi(match[1]))
               : std::nullopt;
}

Manifest read_manifest(const SourceFile& file, int lab, Problems& problems) {
    Manifest manifest;
    manifest.path = file.path;
    manifest.lab = lab;
    const auto table = parse_toml(file, problems);
    if (!table) {
        return manifest;
    }
    manifest.title = (*table)["title"].value_or(std::string());
    if (manifest.title.empty() || !has_form_of_hours(*table)) {
        problems.add(file.path, 1, "a manifest begins with a title and hours = [least, most]");
    }
    if (const auto said = (*table)["run"]["catch_up"]) {
        manifest.catch_up = said.value_or(-1);
        if (manifest.catch_up < 0 || manifest.catch_up > most_per_cent) {
            problems.add(file.path, line_of(*said.node()), "catch_up is per cent, 0 to 100");
        }
    }
    if (const toml::array* array = (*table)["exercise"].as_array()) {
        for (const toml::node& node : *array) {
            if (const toml::table* exercise = node.as_table()) {
                manifest.exercises.push_back(ExerciseReader(*exercise, manifest, problems).run());
            }
        }
    }
    return manifest;
}

void compare(const Manifest& manifest, const std::vector<Exercise>& exercises, Problems& problems) {
    for (const ManifestExercise& said : manifest.exercises) {
        const auto found = std::ranges::find(exercises, said.id, &Exercise::id);
        if (found == exercises.end()) {
            problems.add(manifest.path, said.line,
                         fmt::format("exercise {} has no mark in the sources", said.id.text()));
        } else {
            compare_one(said, *found, manifest.path, problems);
        }
        if (std::ranges::count(manifest.exercises, said.id, &ManifestExercise::id) > 1) {
            problems.add(manifest.path, said.line,
                         fmt::format("exercise {} stands here twice", said.id.text()));
        }
    }
    for (const Exercise& found : exercises) {
        if (found.id.lab == manifest.lab &&
            std::ranges::find(manifest.exercises, found.id, &ManifestExercise::id) ==
                manifest.exercises.end()) {
            problems.add(found.path, found.line,
                         fmt::format("exercise {} is not in {}", found.id.text(), manifest.path));
        }
    }
}

std::optional<std::string_view> path_of_stand_in(std::string_view path) {
    constexpr std::string_view folder = "/only/";
    const std::size_t at = path.find(folder);
    if (!lab_of_path(path) || at == std::string_view::npos) {
        return std::nullopt;
    }
    return path.substr(at + folder.size());
}

} // namespace grade
