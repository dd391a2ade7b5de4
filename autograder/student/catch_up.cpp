// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Both files are TOML; a body stands in a string of many lines.
#include "autograder/student/catch_up.hpp"

#include "autograder/source/marker.hpp"
#include "autograder/source/source_tree.hpp"
#include "autograder/source/toml.hpp"
#include "autograder/student/own_text.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <set>

namespace grade {

namespace {

constexpr const char* licence = "# SPDX-License-Identifier: BSD-2-Clause\n#\n";

std::string quoted(const std::string& text) {
    std::string result = "\"\"\"\n";
    for (const char letter : text) {
        result +=
            letter == '\\' || letter == '"' ? std::string{'\\', letter} : std::string(1, letter);
    }
    return result + "\"\"\"";
}

/// Calls read(table) for every [[exercise]].
template <class Read>
void each_exercise(const toml::table& table, const Read& read) {
    if (const toml::array* array = table["exercise"].as_array()) {
        for (const toml::node& node : *array) {
            if (const toml::table* exercise = node.as_table()) {
                read(*exercise);
            }
        }
    }
}

std::string number(ExerciseId id) { return fmt::format("\"{}\"", id.text()); }

} // namespace

std::string Bundle::digest() const {
    std::vector<SourceFile> files = {{"lab", std::to_string(lab)}};
    for (const auto& [id, body] : bodies) {
        files.push_back({id.text(), body});
    }
    return digest_of(files);
}

std::string Bundle::text() const {
    std::string result = licence;
    result += fmt::format("# Bodies of exercises of lab {}, for those who catch up: make next-lab "
                          "CATCH_UP=this-file EXERCISES=\"...\"\n"
                          "catch_up = {}\ndigest = \"{}\"\n",
                          lab, lab, digest());
    for (const auto& [id, body] : bodies) {
        result += fmt::format("\n[[exercise]]\nid = {}\nbody = {}\n", number(id), quoted(body));
    }
    return result;
}

Bundle Bundle::parse(const SourceFile& file) {
    Problems problems;
    const auto table = parse_toml(file, problems);
    Bundle bundle;
    std::string said;
    if (table) {
        bundle.lab = (*table)["catch_up"].value_or(0);
        said = (*table)["digest"].value_or(std::string());
        each_exercise(*table, [&](const toml::table& exercise) {
            if (const auto id = read_exercise_id(exercise["id"].value_or(std::string()))) {
                bundle.bodies.emplace(*id, exercise["body"].value_or(std::string()));
            }
        });
    }
    if (bundle.lab == 0 || said != bundle.digest()) {
        throw EnvironmentError(
            fmt::format("{} is no catch-up bundle, or was damaged: get it anew", file.path));
    }
    return bundle;
}

CaughtUp read_caught_up(const std::vector<SourceFile>& files) {
    CaughtUp result;
    const auto file = std::ranges::find(files, catch_up_path, &SourceFile::path);
    if (file == files.end()) {
        return result;
    }
    Problems problems;
    const auto table = parse_toml(*file, problems);
    if (!table) {
        throw EnvironmentError(fmt::format("{}:{}: {}", file->path, problems.all().begin()->line,
                                           problems.all().begin()->text));
    }
    each_exercise(*table, [&](const toml::table& exercise) {
        if (const auto id = read_exercise_id(exercise["id"].value_or(std::string()))) {
            result.emplace(*id, exercise["bundle"].value_or(std::string()));
        }
    });
    return result;
}

std::string text(const CaughtUp& caught_up) {
    std::string result = licence;
    result += "# Exercises whose bodies were taken from a bundle, and the bundle's digest.\n";
    for (const auto& [id, bundle] : caught_up) {
        result += fmt::format("\n[[exercise]]\nid = {}\nbundle = \"{}\"\n", number(id), bundle);
    }
    return result;
}

std::vector<ExerciseId> read_ids(const std::string& words) {
    std::vector<ExerciseId> result;
    for (std::size_t at = 0; at < words.size();) {
        const std::size_t begin = std::min(words.find_first_not_of(", ", at), words.size());
        const std::size_t end = std::min(words.find_first_of(", ", begin), words.size());
        const std::string word = words.substr(begin, end - begin);
        if (!word.empty()) {
            const auto id = read_exercise_id(word);
            if (!id) {
                throw EnvironmentError(fmt::format(
                    "\"{}\" is no exercise's number: write EXERCISES=\"1.3 1.7\"", word));
            }
            result.push_back(*id);
        }
        at = end;
    }
    return result;
}

void catch_up(Snapshot& tree, const Bundle& bundle, const std::vector<ExerciseId>& wanted) {
    CaughtUp caught_up = read_caught_up(tree.files);
    OwnText own;
    for (const ExerciseId id : wanted) {
        const auto found = bundle.bodies.find(id);
        if (found == bundle.bodies.end()) {
            throw EnvironmentError(
                fmt::format("the bundle, of lab {}, has no exercise {}", bundle.lab, id.text()));
        }
        own.exercises.insert(*found);
        caught_up[id] = bundle.digest();
    }
    std::set<ExerciseId> missing(wanted.begin(), wanted.end());
    for (SourceFile& file : tree.files) {
        Problems ignored;
        const OwnText there = is_code(file.language()) ? own_text(file, ignored) : OwnText();
        for (const auto& [id, body] : there.exercises) {
            missing.erase(id);
        }
        if (!there.exercises.empty()) {
            file.content = put_own_text(file, own);
        }
    }
    if (!missing.empty()) {
        throw EnvironmentError(
            fmt::format("this tree has no exercise {}", missing.begin()->text()));
    }
    std::erase_if(tree.files, [](const SourceFile& file) { return file.path == catch_up_path; });
    tree.files.push_back({catch_up_path, text(caught_up)});
}

} // namespace grade
