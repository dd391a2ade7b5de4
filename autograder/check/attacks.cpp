// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Reading attacks, and making what they hand in.
#include "autograder/check/attacks.hpp"

#include "autograder/results/atomic_file.hpp"
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
    static constexpr std::array<std::string_view, 10> keys = {
        "id", "what", "lab", "exercise", "body", "helpers", "file", "link", "text", "says"};
    for (const auto& [key, node] : table) {
        if (std::ranges::find(keys, key.str()) == keys.end() && key.str() != "mebibytes") {
            problems.add(path, line_of(node),
                         fmt::format("`{}` is no key of an attack", key.str()));
        }
    }
    const auto text = [&](std::string_view key) { return table[key].value_or(std::string()); };
    Attack attack{text("id"),
                  text("what"),
                  table["lab"].value_or(0),
                  read_id(text("exercise")),
                  text("body"),
                  text("helpers"),
                  text("file"),
                  text("link"),
                  text("text"),
                  table["mebibytes"].value_or(std::size_t{0}),
                  text("says"),
                  line_of(table)};
    if (attack.id.empty() || attack.what.empty() || attack.lab == 0) {
        problems.add(path, attack.line, "an attack needs `id`, `what` and `lab`");
    }
    if (attack.body.empty() && attack.helpers.empty() && attack.file.empty() &&
        attack.link.empty()) {
        problems.add(path, attack.line, fmt::format("attack {}: does nothing", attack.id));
    }
    return attack;
}

/// A file of the lab with the attack in it.
std::string attacked(const Attack& attack, std::span<const StageText> solution,
                     std::span<const StageText> starter, const std::string& path) {
    const auto& tree = attack.exercise ? solution : starter;
    const auto file = std::ranges::find(tree, path, &StageText::path);
    if (file == tree.end()) {
        throw EnvironmentError(fmt::format("attack {}: there is no {}", attack.id, path));
    }
    std::string text = file->content;
    if (attack.exercise) {
        Problems ignored; // deriving has shown them
        for (const Exercise& exercise : find_exercises(*file, ignored)) {
            if (exercise.id == *attack.exercise) {
                text.replace(exercise.open, exercise.end - exercise.open, attack.body);
            }
        }
    }
    if (path == attack.helpers) {
        const std::size_t at = text.find(begin_of_helpers);
        if (at == std::string::npos) {
            throw EnvironmentError(fmt::format("attack {}: {} has no helpers", attack.id, path));
        }
        text.insert(at + begin_of_helpers.size(), attack.text + "\n");
    }
    return text;
}

} // namespace

std::vector<Attack> read_attacks(const SourceTree& source, Problems& problems) {
    std::vector<Attack> attacks;
    const SourceFile* const file = source.find("labs/attacks/attacks.toml");
    const auto table = file != nullptr ? parse_toml(*file, problems) : std::nullopt;
    const toml::array* const array = table ? (*table)["attack"].as_array() : nullptr;
    if (array == nullptr) {
        return attacks;
    }
    for (const toml::node& node : *array) {
        if (const toml::table* each = node.as_table()) {
            attacks.push_back(read_attack(*each, file->path, problems));
        }
    }
    return attacks;
}

void write_attack(const Attack& attack, std::span<const StageText> solution,
                  std::span<const StageText> starter, std::span<const std::string> files,
                  const fs::path& folder) {
    const auto write = [&](const std::string& path, const std::string& text) {
        fs::create_directories((folder / path).parent_path());
        write_file(folder / path, text);
    };
    for (const std::string& path : files) {
        write(path, attacked(attack, solution, starter, path));
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
