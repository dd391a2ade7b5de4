// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Reading mutants, and making their files.
#include "autograder/check/mutants.hpp"

#include "autograder/check/mechanical.hpp"
#include "autograder/source/toml.hpp"

#include <algorithm>
#include <array>
#include <fmt/core.h>
#include <ranges>
#include <stdexcept>

namespace grade {

namespace {

constexpr std::ptrdiff_t most_changed_lines = 3;

std::size_t count_of(std::string_view text, std::string_view part) {
    std::size_t count = 0;
    for (std::size_t at = text.find(part); at != text.npos; at = text.find(part, at + 1)) {
        ++count;
    }
    return count;
}

/// Lines that differ: the ends that both texts have in common do not count.
std::ptrdiff_t changed_lines(std::string_view before, std::string_view after) {
    const auto old_lines = split_lines(before);
    const auto new_lines = split_lines(after);
    const auto [old_at, new_at] = std::ranges::mismatch(old_lines, new_lines);
    const std::ranges::subrange old_rest(old_at, old_lines.end());
    const std::ranges::subrange new_rest(new_at, new_lines.end());
    const auto same =
        std::ranges::mismatch(old_rest | std::views::reverse, new_rest | std::views::reverse);
    const auto tail = same.in1 - (old_rest | std::views::reverse).begin();
    return std::max(std::ssize(old_rest), std::ssize(new_rest)) - tail;
}

class MutantReader {
public:
    MutantReader(const toml::table& table, const std::string& path, Problems& problems)
        : table_(table), path_(path), problems_(problems) {}

    Mutant run(std::span<const StageText> solution, const Manifest& manifest,
               const TestPlan& plan) {
        check_keys();
        Mutant mutant;
        mutant.line = line_of(table_);
        mutant.id = needed("id");
        mutant.what = needed("what");
        mutant.replace = needed("replace");
        mutant.with = table_["with"].value_or(std::string());
        mutant.test = needed("test");
        mutant.says = needed("says");
        if (plan.find(mutant.test) == nullptr) {
            report(fmt::format("mutant {}: there is no test {}", mutant.id, mutant.test));
        }
        find_exercise(mutant, solution, manifest);
        return mutant;
    }

private:
    void check_keys() {
        static constexpr std::array<std::string_view, 6> keys = {"id",   "what", "replace",
                                                                 "with", "test", "says"};
        for (const auto& [key, node] : table_) {
            if (std::ranges::find(keys, key.str()) == keys.end()) {
                problems_.add(path_, line_of(node),
                              fmt::format("`{}` is no key of a mutant", key.str()));
            }
        }
    }

    void find_exercise(Mutant& mutant, std::span<const StageText> solution,
                       const Manifest& manifest) {
        const std::string_view id = std::string_view(mutant.id).substr(0, mutant.id.find('-'));
        const auto found = std::ranges::find(
            manifest.exercises, id, [](const auto& exercise) { return exercise.id.text(); });
        const auto place = found != manifest.exercises.end()
                               ? place_of(found->id, solution, manifest)
                               : std::nullopt;
        if (!place) {
            report(fmt::format("mutant {}: its id begins with no exercise of this lab", mutant.id));
            return;
        }
        mutant.exercise = found->id;
        const std::string body = place->exercise.body(*place->text);
        if (const std::size_t count = count_of(body, mutant.replace); count != 1) {
            report(fmt::format("mutant {}: what it replaces stands {} times in {}", mutant.id,
                               count, place->exercise.name));
        } else if (changed_lines(mutant.replace, mutant.with) > most_changed_lines) {
            report(fmt::format("mutant {}: changes more than {} lines", mutant.id,
                               most_changed_lines));
        }
    }

    std::string needed(std::string_view key) {
        auto value = table_[key].value_or(std::string());
        if (value.empty()) {
            report(fmt::format("a mutant needs `{}`, a text", key));
        }
        return value;
    }

    void report(std::string text) { problems_.add(path_, line_of(table_), std::move(text)); }

    const toml::table& table_;
    const std::string& path_;
    Problems& problems_;
};

/// Calls `use(table, path)` for each table of an array of the lab's mutants.toml, if there is one.
template <class Use>
void for_each_of(std::string_view array_name, const SourceTree& source, const TestPlan& plan,
                 Problems& problems, Use use) {
    const SourceFile* const file = source.find(plan.folder + "/mutants.toml");
    const auto table = file != nullptr ? parse_toml(*file, problems) : std::nullopt;
    const toml::array* const array = table ? (*table)[array_name].as_array() : nullptr;
    if (array == nullptr) {
        return;
    }
    for (const toml::node& node : *array) {
        if (const toml::table* each = node.as_table()) {
            use(*each, file->path);
        }
    }
}

/// Does the machine make this mutant?
bool is_made(const Equivalent& wanted, std::span<const StageText> solution,
             const Manifest& manifest) {
    const auto place = place_of(wanted.exercise, solution, manifest);
    const auto all = place ? mechanical_mutants(*place) : std::vector<Mutant>();
    return std::ranges::find(all, wanted.what, &Mutant::what) != all.end();
}

} // namespace

std::optional<Place> place_of(ExerciseId id, std::span<const StageText> tree,
                              const Manifest& manifest) {
    const auto said = std::ranges::find(manifest.exercises, id, &ManifestExercise::id);
    if (said == manifest.exercises.end()) {
        return std::nullopt;
    }
    const auto text = std::ranges::find(tree, said->file, &StageText::path);
    if (text == tree.end()) {
        return std::nullopt;
    }
    Problems ignored; // deriving has shown them
    for (Exercise& exercise : find_exercises(*text, ignored)) {
        if (exercise.id == id) {
            return Place{&*text, std::move(exercise)};
        }
    }
    return std::nullopt;
}

std::vector<Mutant> read_mutants(const SourceTree& source, std::span<const StageText> solution,
                                 const Manifest& manifest, const TestPlan& plan,
                                 Problems& problems) {
    std::vector<Mutant> mutants;
    for_each_of("mutant", source, plan, problems, [&](const toml::table& table, const auto& path) {
        Mutant mutant = MutantReader(table, path, problems).run(solution, manifest, plan);
        if (std::ranges::find(mutants, mutant.id, &Mutant::id) != mutants.end()) {
            problems.add(path, mutant.line, fmt::format("mutant {} stands here twice", mutant.id));
        }
        mutants.push_back(std::move(mutant));
    });
    return mutants;
}

std::vector<Equivalent> read_equivalents(const SourceTree& source,
                                         std::span<const StageText> solution,
                                         const Manifest& manifest, const TestPlan& plan,
                                         Problems& problems) {
    std::vector<Equivalent> equivalents;
    for_each_of(
        "equivalent", source, plan, problems, [&](const toml::table& table, const auto& path) {
            const auto id = table["exercise"].value_or(std::string());
            const auto found = std::ranges::find(
                manifest.exercises, id, [](const auto& exercise) { return exercise.id.text(); });
            Equivalent made{.exercise = {}, .what = table["what"].value_or(std::string())};
            if (found != manifest.exercises.end()) {
                made.exercise = found->id;
            }
            if (found == manifest.exercises.end() || !is_made(made, solution, manifest)) {
                problems.add(path, line_of(table),
                             fmt::format("no machine makes a mutant \"{}\" of {}", made.what, id));
            }
            if (table["why"].value_or(std::string()).empty()) {
                problems.add(path, line_of(table), "an equivalent needs `why`, a text");
            }
            equivalents.push_back(std::move(made));
        });
    return equivalents;
}

SourceFile mutate(const Mutant& mutant, std::span<const StageText> solution,
                  const Manifest& manifest) {
    const auto place = place_of(mutant.exercise, solution, manifest);
    if (!place) {
        throw std::logic_error("mutant " + mutant.id + " was read with another solution");
    }
    SourceFile file{place->text->path, place->text->content, place->text->is_executable};
    const std::size_t at = file.content.find(mutant.replace, place->exercise.open);
    file.content.replace(at, mutant.replace.size(), mutant.with);
    return file;
}

} // namespace grade
