// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Reading attacks, and making what they hand in.
#include "autograder/check/attacks.hpp"

#include "autograder/results/atomic_file.hpp"
#include "autograder/source/marker.hpp"
#include "autograder/source/toml.hpp"

#include <algorithm>
#include <array>
#include <fmt/core.h>

namespace grade {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view begin_of_helpers = "// Your own helpers: begin\n";

std::optional<ExerciseId> read_id(std::string_view text) {
    if (text.size() != 3 || text[1] != '.') {
        return std::nullopt;
    }
    return ExerciseId{text[0] - '0', text[2] - '0'};
}

Attack read_attack(const toml::table& table, const std::string& path, Problems& problems) {
    static constexpr std::array<std::string_view, 12> keys = {
        "id",   "what", "lab",  "exercise",  "body",       "helpers",
        "file", "link", "text", "mebibytes", "own_system", "says"};
    for (const auto& [key, node] : table) {
        if (std::ranges::find(keys, key.str()) == keys.end()) {
            problems.add(path, line_of(node),
                         fmt::format("`{}` is no key of an attack", key.str()));
        }
    }
    const auto text = [&](std::string_view key) { return table[key].value_or(std::string()); };
    return {text("id"),
            text("what"),
            table["lab"].value_or(0),
            read_id(text("exercise")),
            text("body"),
            text("helpers"),
            text("file"),
            text("link"),
            text("text"),
            table["mebibytes"].value_or(std::size_t{0}),
            table["own_system"].value_or(false),
            text("says"),
            line_of(table)};
}

/// What is wrong with the attack by itself.
std::optional<std::string> contradiction(const Attack& attack) {
    if (attack.id.empty() || attack.what.empty() || attack.lab == 0) {
        return "an attack needs `id`, `what` and `lab`";
    }
    if (attack.body.empty() && attack.helpers.empty() && attack.file.empty() &&
        attack.link.empty()) {
        return "it does nothing";
    }
    if (attack.body.empty() != !attack.exercise) {
        return "an exercise needs a body, and a body an exercise";
    }
    if (attack.own_system && !attack.exercise) {
        return "on the own system it needs an exercise";
    }
    return std::nullopt;
}

/// The exercise in one file of the solution; nothing if it is not there.
std::optional<Exercise> find_exercise(const StageText& file, ExerciseId id) {
    if (!file.content.contains(fmt::format("@lab{{{}}}", id.text()))) {
        return std::nullopt; // finding exercises takes longer
    }
    Problems ignored; // deriving has shown them
    const auto exercises = find_exercises(file, ignored);
    const auto found = std::ranges::find(exercises, id, &Exercise::id);
    return found != exercises.end() ? std::optional(*found) : std::nullopt;
}

/// What the attack would change, and is not there: it would do nothing, and prove nothing.
std::optional<std::string> missing_place(const Attack& attack, const LabTrees& trees) {
    const auto find = [&](const std::string& path) {
        return std::ranges::find(trees.starter(), path, &StageText::path);
    };
    for (const std::string& path : {attack.file, attack.link}) {
        // The marker is made when a tree is written.
        if (!path.empty() && path != Marker::path && find(path) == trees.starter().end()) {
            return "there is no " + path;
        }
    }
    if (!attack.helpers.empty()) {
        const auto file = find(attack.helpers);
        if (file == trees.starter().end() || !file->content.contains(begin_of_helpers)) {
            return "there is no region for helpers in " + attack.helpers;
        }
    }
    const bool has_exercise =
        !attack.exercise || std::ranges::any_of(trees.solution(), [&](const StageText& file) {
            return find_exercise(file, *attack.exercise).has_value();
        });
    return has_exercise ? std::nullopt
                        : std::optional("there is no exercise " + attack.exercise->text());
}

/// A file of the lab with the attack in it.
std::string attacked(const Attack& attack, const LabTrees& trees, const std::string& path) {
    const auto& tree = attack.exercise ? trees.solution() : trees.starter();
    const StageText& file = *std::ranges::find(tree, path, &StageText::path);
    std::string text = file.content;
    if (const auto exercise =
            attack.exercise ? find_exercise(file, *attack.exercise) : std::nullopt) {
        text.replace(exercise->open, exercise->end - exercise->open, attack.body);
    }
    if (path == attack.helpers) {
        text.insert(text.find(begin_of_helpers) + begin_of_helpers.size(), attack.text + "\n");
    }
    return text;
}

} // namespace

std::vector<Attack> read_attacks(const SourceTree& source, const LabTrees& trees,
                                 Problems& problems) {
    std::vector<Attack> attacks;
    const SourceFile* const file = source.find("labs/attacks/attacks.toml");
    const auto table = file != nullptr ? parse_toml(*file, problems) : std::nullopt;
    const toml::array* const array = table ? (*table)["attack"].as_array() : nullptr;
    if (array == nullptr) {
        return attacks;
    }
    for (const toml::node& node : *array) {
        const toml::table* const each = node.as_table();
        if (each == nullptr) {
            continue;
        }
        Attack attack = read_attack(*each, file->path, problems);
        const bool is_here = attack.lab == trees.plan().lab;
        auto wrong = contradiction(attack);
        if (!wrong && is_here) {
            wrong = missing_place(attack, trees);
        }
        if (wrong) {
            problems.add(file->path, attack.line, fmt::format("attack {}: {}", attack.id, *wrong));
        } else if (is_here) {
            attacks.push_back(std::move(attack));
        }
    }
    return attacks;
}

void write_attack(const Attack& attack, const LabTrees& trees, std::span<const std::string> files,
                  const fs::path& folder) {
    const auto write = [&](const std::string& path, const std::string& text) {
        fs::create_directories((folder / path).parent_path());
        write_file(folder / path, text);
    };
    for (const std::string& path : files) {
        write(path, attacked(attack, trees, path));
    }
    if (!attack.file.empty()) {
        write(attack.file, attack.text + std::string(attack.mebibytes << 20, '\n'));
    }
    if (!attack.link.empty()) {
        fs::remove(folder / attack.link);
        fs::create_symlink(attack.text, folder / attack.link);
    }
}

} // namespace grade
