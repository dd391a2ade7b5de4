// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// rel4-grade regrade: after a test was mended.
/// Read next: ../class/regrade.hpp.
#include "autograder/class/regrade.hpp"

#include "autograder/class/affected.hpp"
#include "autograder/commands/class_command.hpp"
#include "autograder/report/class_data.hpp"
#include "autograder/results/safe_text.hpp"
#include "autograder/run/interruption.hpp"
#include "autograder/source/marker.hpp"

#include <fmt/core.h>
#include <memory>

namespace grade {

namespace {

namespace fs = std::filesystem;

struct Options {
    std::string results;
    bool only_changed = false;
    GraderOptions grader;
};

/// All results, which must be of one lab.
std::vector<Result> read_all(const Options& options) {
    ResultFolder folder = read_results(options.results);
    for (const std::string& problem : folder.problems) {
        fmt::print(stderr, "{}\n", safe_line(problem));
    }
    if (folder.results.empty()) {
        throw EnvironmentError(options.results + " holds no result (*.json)");
    }
    for (const Result& result : folder.results) {
        if (result.lab != folder.results[0].lab) {
            throw EnvironmentError(options.results + " holds results of several labs");
        }
    }
    return std::move(folder.results);
}

/// Those to be graded again.
std::vector<Result> choose(std::vector<Result> all, const Options& options, Affected& affected) {
    std::vector<Result> chosen;
    for (Result& result : all) {
        const std::string why = affected.why(result);
        if (!options.only_changed || !why.empty()) {
            if (!why.empty()) {
                fmt::print("  {:<20} {}\n", safe_line(result.submission.id, 40),
                           safe_line(why, 160));
            }
            chosen.push_back(std::move(result));
        }
    }
    return chosen;
}

/// Their sources by id, as they were taken in.
using Sources = std::map<std::string, Opened>;

/// What can be graded again; says of the others why not.
std::vector<HandedIn> reopen_all(const std::vector<Result>& chosen, const Options& options,
                                 const IntakeOrder& order, Sources& sources) {
    std::vector<HandedIn> list;
    for (const Result& result : chosen) {
        const std::string& id = result.submission.id;
        auto opened = reopen(result, options.results, order);
        if (!opened) {
            fmt::print(stderr, "rel4-grade: {}: {}\n", safe_line(id, 40), opened.error());
            continue;
        }
        sources.emplace(id, std::move(*opened));
        HandedIn handed_in;
        handed_in.id = id;
        handed_in.seed = result.seed;
        list.push_back(std::move(handed_in));
    }
    return list;
}

void tell(const std::vector<ScoreChange>& changes, const fs::path& file) {
    for (const ScoreChange& change : changes) {
        fmt::print("{:<20} {:<24} {:>6} -> {:<6} {}\n", safe_line(change.student, 40),
                   safe_line(change.test, 40), points_text(change.before), points_text(change.now),
                   safe_line(change.message, 100));
    }
    fmt::print("{}: {} scores changed\n", file.string(), changes.size());
}

/// Grades what is wanted and not done yet. @return whether nothing is left
bool grade_again(const Options& options, const Lab& lab, const std::vector<Result>& chosen,
                 const Tools& tools, Regrade& regrade, const std::string& course,
                 const Interruption& interruption) {
    Sources sources;
    std::vector<Result> left;
    for (const Result& result : chosen) {
        if (!regrade.is_done(result.submission.id)) {
            left.push_back(result);
        }
    }
    const auto submissions = reopen_all(left, options, lab.order(), sources);
    const Sandbox sandbox = sandbox_of(options.grader, submissions.size());
    const ClassJob job{
        .lab = lab,
        .sandbox = sandbox,
        .tools = tools,
        .open = [&](const HandedIn& handed_in) { return sources.at(handed_in.id); },
        .out = regrade.fresh(),
        .work = options.grader.work,
        .course = course,
        .workers = options.grader.workers,
        .integration = std::ranges::any_of(
            chosen, [](const Result& result) { return result.integration.points > 0; }),
        .keeps_sources = false,
        .stop = interruption.token(),
    };
    std::size_t done = 0;
    const auto results = grade_class(job, submissions, [&](const ClassStep& step) {
        show(step);
        if (is_graded(step.result)) {
            regrade.take_over(step.result);
            ++done;
        }
    });
    return done == left.size();
}

Status regrade(const Options& options) {
    const Interruption interruption;
    const std::vector<Result> all = read_all(options);
    const int number = all[0].lab;
    const Tools tools = options.grader.tools();
    const Lab lab = make_lab(options.grader, number, tools.target_name());
    const std::vector<SourceFile> files = lab.course();
    const std::string course = digest_of(files);
    const std::string emulator = tools.emulator_name();
    Affected affected({.plan = lab.plan(),
                       .files = CourseRecord::of(files),
                       .course = course,
                       .toolchain = lab.compiler().text(),
                       .target = tools.target_name(),
                       .emulator = emulator,
                       .results = options.results});
    const auto chosen = choose(all, options, affected);
    for (const std::string& path : affected.changes()) {
        fmt::print("  changed: {}\n", path);
    }
    fmt::print("lab {}, course {}: {} of {} submissions are graded again\n", number, course,
               chosen.size(), all.size());
    std::fflush(stdout);
    if (chosen.empty() && !fs::exists(fs::path(options.results) / "regrades" / "open")) {
        return full;
    }
    write_record(CourseRecord::of(files), options.results, course);
    Regrade regrade(options.results, fmt::format("{} {} {} {}", course, lab.compiler().text(),
                                                 tools.target_name(), emulator));
    const bool is_whole = grade_again(options, lab, chosen, tools, regrade, course, interruption);
    const auto changes = regrade.changes();
    tell(changes, regrade.conclude(is_whole));
    if (!is_whole) {
        fmt::print(stderr, "rel4-grade: not all were graded again; the same command goes on\n");
    }
    return is_whole ? full : environment_error;
}

} // namespace

void add_regrade(CLI::App& app, Run& run) {
    CLI::App* command =
        app.add_subcommand("regrade", "Grade again what `run` has graded, from the kept sources");
    const auto options = std::make_shared<Options>();
    command->add_option("results", options->results, "folder with results, <id>.json")->required();
    command->add_flag("--changed", options->only_changed,
                      "only those whose scores a change of the course can have changed");
    add_grader_options(*command, options->grader);
    command->callback([&run, options] { run = [options] { return regrade(*options); }; });
}

} // namespace grade
