// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// From what is cheap to know to what must be looked up.
#include "autograder/class/affected.hpp"

#include <algorithm>
#include <fmt/core.h>

namespace grade {

namespace {

/// What might be built with another test, or is.
bool is_there(ExerciseState state) {
    return state == ExerciseState::done || state == ExerciseState::not_compiled ||
           state == ExerciseState::caught_up;
}

/// Below labs/N-name/tests/.
bool is_test(std::string_view path) {
    const std::size_t folder = path.find('/', path.find('/') + 1);
    return lab_of_path(path) && path.substr(folder).starts_with("/tests/");
}

} // namespace

std::string Affected::why(const Result& before) {
    if (!is_graded(before)) {
        return "was not graded to its end";
    }
    if (before.toolchain != present_.toolchain) {
        return fmt::format("was graded with compiler \"{}\"", before.toolchain);
    }
    if (before.target != present_.target) {
        return fmt::format("was graded on target \"{}\"", before.target);
    }
    if (before.emulator != present_.emulator) {
        return fmt::format("was graded with emulator \"{}\"", before.emulator);
    }
    if (before.course == present_.course) {
        return {};
    }
    const std::set<std::string>* const changes = changes_since(before.course);
    if (changes == nullptr) {
        return fmt::format("it is not known what course {} was", before.course);
    }
    const auto found = std::ranges::find_if(
        *changes, [&](const std::string& path) { return matters(path, before); });
    return found == changes->end() ? std::string() : fmt::format("{} was changed", *found);
}

const std::set<std::string>* Affected::changes_since(const std::string& course) {
    auto found = changes_.find(course);
    if (found == changes_.end()) {
        std::optional<std::set<std::string>> changes;
        if (const auto record = read_record(present_.results, course)) {
            auto paths = record->changes_to(present_.files);
            all_changes_.insert(paths.begin(), paths.end());
            changes = std::move(paths);
        }
        found = changes_.emplace(course, std::move(changes)).first;
    }
    const auto& known = found->second;
    return known ? &*known : nullptr;
}

bool Affected::matters(std::string_view path, const Result& before) const {
    if (path.ends_with(".md")) {
        return false;
    }
    if (!is_test(path)) {
        return true;
    }
    const IntegrationResult& whole = before.integration;
    return lab_of_path(path) == present_.plan.lab ? can_run_a_test(before)
                                                  : whole.score < whole.points;
}

bool Affected::can_run_a_test(const Result& before) const {
    const auto has = [&](ExerciseId id) {
        const auto found = std::ranges::find(before.exercises, id.text(), &ExerciseResult::id);
        return found != before.exercises.end() && is_there(found->state);
    };
    return std::ranges::any_of(present_.plan.tests, [&](const PlannedTest& test) {
        return std::ranges::all_of(test.needs, has);
    });
}

} // namespace grade
