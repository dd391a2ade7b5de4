// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Its JSON: {"course": "...", "tests": {"resolve-guard": 3}, "last": 80, "best": 87.5}
#include "autograder/results/history.hpp"

#include "autograder/results/atomic_file.hpp"
#include "autograder/results/safe_text.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <nlohmann/json.hpp>

namespace grade {

namespace {

using Json = nlohmann::ordered_json;

std::optional<double> number(const Json& json, const char* key) {
    const auto found = json.find(key);
    return found != json.end() && found->is_number() ? std::optional(found->get<double>())
                                                     : std::nullopt;
}

bool has_run(const TestResult& test) { return test.status != TestStatus::not_run; }

} // namespace

std::filesystem::path history_path(const std::filesystem::path& build, int lab) {
    return build / fmt::format("grade-history-{}.json", lab);
}

History read_history(const std::filesystem::path& path) {
    const auto content = read_file(path);
    const Json json = content ? Json::parse(*content, nullptr, false) : Json();
    History history;
    if (!json.is_object()) {
        return history;
    }
    if (const auto course = json.find("course"); course != json.end() && course->is_string()) {
        history.course = course->get<std::string>();
    }
    history.last = number(json, "last");
    history.best = number(json, "best");
    if (const auto tests = json.find("tests"); tests != json.end() && tests->is_object()) {
        for (const auto& [id, score] : tests->items()) {
            if (score.is_number()) {
                history.tests[id] = score.get<double>();
            }
        }
    }
    return history;
}

void write_history(const History& history, const std::filesystem::path& path) {
    Json json;
    json["course"] = safe_line(history.course);
    json["tests"] = Json::object();
    for (const auto& [id, score] : history.tests) {
        json["tests"][safe_line(id)] = score;
    }
    if (history.last) {
        json["last"] = *history.last;
    }
    if (history.best) {
        json["best"] = *history.best;
    }
    write_file(path, json.dump(1) + "\n");
}

bool is_whole(const Result& result) {
    return result.complete && result.status == ResultStatus::ok &&
           std::ranges::all_of(result.tests, has_run);
}

Comparison compare(const History& history, const Result& result) {
    Comparison comparison;
    if (history.course != result.course) {
        return comparison;
    }
    comparison.last = history.last;
    comparison.best = history.best;
    for (const TestResult& test : result.tests) {
        const auto before = history.tests.find(test.id);
        if (!has_run(test) || before == history.tests.end() || before->second == test.score) {
            continue;
        }
        auto& list = before->second < test.score ? comparison.better : comparison.worse;
        list.push_back({test.id, before->second, test.score});
    }
    return comparison;
}

History with(History history, const Result& result) {
    if (history.course != result.course) {
        history = {};
        history.course = result.course;
    }
    for (const TestResult& test : result.tests) {
        if (has_run(test)) {
            history.tests[test.id] = test.score;
        }
    }
    if (is_whole(result)) {
        history.last = result.score;
        history.best = std::max(history.best.value_or(result.score), result.score);
    }
    return history;
}

} // namespace grade
