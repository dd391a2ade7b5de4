// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// rel4-grade parity: whether two targets give the same class the same points, test by test.
/// Read next: ../class/score_changes.hpp.
#include "autograder/class/score_changes.hpp"
#include "autograder/command.hpp"
#include "autograder/report/class_data.hpp"
#include "autograder/results/atomic_file.hpp"
#include "autograder/results/safe_text.hpp"
#include "autograder/source/source_tree.hpp"

#include <algorithm>
#include <filesystem>
#include <fmt/core.h>
#include <memory>

namespace grade {

namespace {

struct Options {
    std::string first, second;
    std::string csv;
};

std::vector<Result> read_all(const std::string& folder) {
    ResultFolder results = read_results(folder);
    if (results.results.empty()) {
        throw EnvironmentError(folder + " holds no result (*.json)");
    }
    return std::move(results.results);
}

/// What both have, graded by both.
struct Pairs {
    std::vector<std::pair<Result, Result>> both;
    std::size_t alone = 0; ///< submissions that one of them has not graded
};

Pairs pairs_of(const std::vector<Result>& first, const std::vector<Result>& second) {
    Pairs pairs;
    for (const Result& one : first) {
        const auto other = std::ranges::find_if(second, [&](const Result& result) {
            return result.submission.id == one.submission.id && result.lab == one.lab;
        });
        if (other != second.end() && is_graded(one) && is_graded(*other)) {
            pairs.both.emplace_back(one, *other);
        }
    }
    pairs.alone = first.size() + second.size() - 2 * pairs.both.size();
    return pairs;
}

/// Tests of which a target has fewer points to give, such as those about time.
bool is_scored_by_both(const std::pair<Result, Result>& pair, const std::string& id) {
    const auto points = [&](const Result& result) {
        const auto test = std::ranges::find(result.tests, id, &TestResult::id);
        return test == result.tests.end() ? 0 : test->points;
    };
    return points(pair.first) == points(pair.second);
}

/// Of single tests; a total that differs for no other reason is none.
std::vector<ScoreChange> differences_of(const std::pair<Result, Result>& pair) {
    std::vector<ScoreChange> changes = score_changes(pair.first, pair.second);
    std::erase_if(changes, [&](const ScoreChange& change) {
        return change.test == "total" || !is_scored_by_both(pair, change.test);
    });
    return changes;
}

Status parity(const Options& options) {
    const std::vector<Result> first = read_all(options.first);
    const std::vector<Result> second = read_all(options.second);
    const Pairs pairs = pairs_of(first, second);
    if (pairs.both.empty()) {
        throw EnvironmentError("the two folders have no submission in common");
    }
    std::vector<ScoreChange> all;
    std::size_t tests = 0;
    for (const auto& pair : pairs.both) {
        const auto some = differences_of(pair);
        all.insert(all.end(), some.begin(), some.end());
        tests += pair.second.tests.size();
    }
    fmt::print("first: {}, target {}; second: {}, target {}\n", options.first, first[0].target,
               options.second, second[0].target);
    for (const ScoreChange& change : all) {
        fmt::print("{:<20} {:<24} {:>6} and {:<6} {}\n", safe_line(change.student, 40),
                   safe_line(change.test, 40), points_text(change.before), points_text(change.now),
                   safe_line(change.message, 100));
    }
    fmt::print("{} submissions, {} tests: {} differ\n", pairs.both.size(), tests, all.size());
    if (pairs.alone > 0) {
        fmt::print("{} submissions are graded in one folder only\n", pairs.alone);
    }
    if (!options.csv.empty()) {
        write_file(options.csv, changes_csv(all));
    }
    return all.empty() && pairs.alone == 0 ? full : not_full;
}

} // namespace

void add_parity(CLI::App& app, Run& run) {
    CLI::App* command =
        app.add_subcommand("parity", "List tests that two targets do not score alike");
    const auto options = std::make_shared<Options>();
    command->add_option("first", options->first, "folder with results, of one target")->required();
    command->add_option("second", options->second, "the same submissions' of another")->required();
    command->add_option("--csv", options->csv, "write the table to this file, too");
    command->callback([&run, options] { run = [options] { return parity(*options); }; });
}

} // namespace grade
