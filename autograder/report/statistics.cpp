// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Tests and exercises are counted in the order of the first result that has them.
#include "autograder/report/statistics.hpp"

#include "autograder/results/safe_text.hpp"
#include "autograder/source/language.hpp"
#include "autograder/source/lexer.hpp"

#include <algorithm>
#include <numeric>
#include <tuple>

namespace grade {

namespace {

template <class Counted>
Counted& with_id(std::vector<Counted>& list, const std::string& id) {
    const auto found = std::ranges::find(list, id, &Counted::id);
    if (found != list.end()) {
        return *found;
    }
    list.emplace_back().id = id;
    return list.back();
}

double share_of(double score, double points) { return points > 0 ? score / points : 0; }

void count_test(Statistics& statistics, const TestResult& test) {
    TestStatistics& counted = with_id(statistics.tests, test.id);
    counted.title = test.title;
    counted.exercise = test.exercise;
    counted.tier = test.tier;
    counted.points = test.points;
    counted.taken += 1;
    counted.passed += test.status == TestStatus::passed ? 1 : 0;
    counted.share += share_of(test.score, test.points);
}

void count_exercise(Statistics& statistics, const ExerciseResult& exercise) {
    ExerciseStatistics& counted = with_id(statistics.exercises, exercise.id);
    counted.name = exercise.name;
    counted.points = exercise.points;
    counted.taken += 1;
    counted.full += exercise.score >= exercise.points ? 1 : 0;
    counted.share += share_of(exercise.score, exercise.points);
    counted.states[exercise.state] += 1;
}

void count_grade(Statistics& statistics, const Result& result) {
    const Points points = total(result);
    const double share = std::clamp(share_of(points.points, points.max), 0.0, 1.0);
    statistics.with_grade += 1;
    statistics.full_marks += points.points >= points.max ? 1 : 0;
    statistics.max = std::max(statistics.max, points.max);
    statistics.mean += points.points;
    statistics.shares.push_back(share);
    statistics.scores[std::min<std::size_t>(static_cast<std::size_t>(share * 10 + 1e-9), 9)] += 1;
    std::ranges::for_each(result.tests, [&](const auto& test) { count_test(statistics, test); });
    std::ranges::for_each(result.exercises,
                          [&](const auto& exercise) { count_exercise(statistics, exercise); });
}

using Groups = std::map<std::pair<std::string, std::string>, FailureGroup>;

void collect_failures(Groups& groups, const Result& result, std::size_t entry) {
    for (const TestResult& test : result.tests) {
        if (test.status == TestStatus::passed || test.status == TestStatus::not_run) {
            continue;
        }
        const std::string signature = signature_of(test.message);
        FailureGroup& group = groups[{test.id, signature}];
        if (group.entries.empty()) {
            group = {test.id, signature, safe_line(test.message, 300), {}};
        }
        group.entries.push_back(entry);
    }
}

double median_of(const std::vector<double>& sorted) {
    const std::size_t half = sorted.size() / 2;
    return sorted.empty()           ? 0
           : sorted.size() % 2 != 0 ? sorted[half]
                                    : (sorted[half - 1] + sorted[half]) / 2;
}

void average(Statistics& statistics) {
    for (auto& test : statistics.tests) {
        test.share /= static_cast<double>(test.taken);
    }
    for (auto& exercise : statistics.exercises) {
        exercise.share /= static_cast<double>(exercise.taken);
    }
    std::ranges::sort(statistics.shares);
    std::ranges::sort(statistics.seconds);
    statistics.mean /= static_cast<double>(std::max<std::size_t>(statistics.with_grade, 1));
    statistics.median = median_of(statistics.shares) * statistics.max;
}

/// How much of the beginning of `text` differs between students: a number, an address, quoted text.
std::size_t length_of_variable(std::string_view text) {
    if (text[0] == '"') {
        const std::size_t close = text.find('"', 1);
        return close == std::string_view::npos ? 1 : close + 1;
    }
    const auto ends = [](char letter) { return !continues_word(letter); };
    const auto end = std::ranges::find_if(text, ends);
    const std::string_view word = text.substr(0, static_cast<std::size_t>(end - text.begin()));
    constexpr std::size_t shortest_address = 6;
    const bool is_address =
        word.size() >= shortest_address && std::ranges::any_of(word, is_digit) &&
        word.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
    return is_address || (!word.empty() && is_digit(word[0])) ? word.size() : 0;
}

} // namespace

std::string signature_of(std::string_view message) {
    std::string line = safe_line(message.substr(0, message.find('\n')), 300);
    std::string_view rest = line;
    std::string out;
    while (!rest.empty()) {
        const bool in_word = !out.empty() && continues_word(out.back());
        const std::size_t variable = in_word ? 0 : length_of_variable(rest);
        out += variable > 0 ? "#" : std::string(rest.substr(0, 1));
        rest.remove_prefix(std::max<std::size_t>(variable, 1));
    }
    return out;
}

Statistics statistics_of(const ClassData& data) {
    Statistics statistics;
    Groups groups;
    for (std::size_t index = 0; index < data.entries.size(); ++index) {
        const auto& entry_result = data.entries[index].result;
        if (!entry_result) {
            continue;
        }
        const Result& result = *entry_result;
        statistics.handed_in += 1;
        statistics.incomplete += result.complete ? 0 : 1;
        statistics.statuses[result.status] += 1;
        statistics.seconds.push_back(result.seconds);
        if (is_graded(result)) {
            count_grade(statistics, result);
            collect_failures(groups, result, index);
        }
    }
    average(statistics);
    for (auto& [key, group] : groups) {
        statistics.failures.push_back(std::move(group));
    }
    std::ranges::sort(statistics.failures, [](const FailureGroup& one, const FailureGroup& other) {
        return std::tuple(other.entries.size(), std::tie(one.test, one.signature)) <
               std::tuple(one.entries.size(), std::tie(other.test, other.signature));
    });
    return statistics;
}

} // namespace grade
