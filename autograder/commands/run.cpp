// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// rel4-grade run: grades what a class handed in, unattended.
/// Read next: ../class/class_run.hpp.
#include "autograder/class/course_record.hpp"
#include "autograder/commands/class_command.hpp"
#include "autograder/run/interruption.hpp"
#include "autograder/source/marker.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <memory>

namespace grade {

namespace {

namespace fs = std::filesystem;

struct Options {
    std::vector<fs::path> submissions;
    int lab = 0;
    std::string out;
    fs::path roster;
    GraderOptions grader;
    std::string deadline;
    LatePolicy late;
    std::uint64_t seed = 1;
    bool personal_seeds = false;
    bool again = false;
    bool no_integration = false;
};

std::vector<HandedIn> submissions_of(const Options& options) {
    for (const fs::path& path : options.submissions) {
        if (!fs::exists(path)) {
            throw EnvironmentError(path.string() + ": there is no such file or folder");
        }
    }
    if (options.roster.empty()) {
        return hand_in(options.submissions);
    }
    const auto roster = read_roster(options.roster);
    return hand_in(roster, options.roster.parent_path(), options.submissions);
}

Status status_of(const Result& result) {
    switch (result.status) {
    case ResultStatus::internal:
        return internal_error;
    case ResultStatus::env_error:
        return environment_error;
    case ResultStatus::build_error:
        return build_error;
    case ResultStatus::ok:
    case ResultStatus::timeout:
        break;
    }
    return result.score >= result.max ? full : not_full;
}

/// Of one submission its own; of several only whether all were graded.
Status conclude(const std::vector<Result>& results, std::size_t wanted, const Options& options) {
    const auto faults =
        static_cast<std::size_t>(std::ranges::count_if(results, is_fault_of_grader));
    fmt::print("{}: {} of {} graded\n", options.out, results.size() - faults, wanted);
    if (faults > 0) {
        fmt::print(stderr,
                   "rel4-grade: {} were not graded because of this machine; when it is mended, the "
                   "same command goes on with them\n",
                   faults);
    }
    if (results.size() < wanted) {
        fmt::print(stderr, "rel4-grade: interrupted; the same command goes on\n");
        return environment_error;
    }
    if (results.size() == 1) {
        return status_of(results[0]);
    }
    return std::ranges::any_of(
               results,
               [](const Result& result) { return result.status == ResultStatus::internal; })
               ? internal_error
           : faults > 0 ? environment_error
                        : full;
}

Status run_class(Options options) {
    if (!options.deadline.empty()) {
        options.late.deadline = parse_time(options.deadline);
        if (!options.late.deadline) {
            throw EnvironmentError(options.deadline + " is no time like 2026-12-01T23:59+01:00");
        }
    }
    const auto submissions = submissions_of(options);
    if (submissions.empty()) {
        throw EnvironmentError("nothing to grade: name submissions, or a roster that names them");
    }
    const Interruption interruption;
    const Sandbox sandbox = sandbox_of(options.grader, submissions.size());
    const Tools tools = options.grader.tools();
    const Lab lab = make_lab(options.grader, options.lab, tools.target_name());
    const std::vector<SourceFile> course = lab.course();
    fs::create_directories(options.out);
    const ClassJob job{
        .lab = lab,
        .sandbox = sandbox,
        .tools = tools,
        .open =
            [&](const HandedIn& handed_in) { return open(handed_in, options.late, lab.order()); },
        .out = options.out,
        .work = options.grader.work,
        .course = digest_of(course),
        .workers = options.grader.workers,
        .seed = options.seed,
        .personal_seeds = options.personal_seeds,
        .again = options.again,
        .integration = !options.no_integration,
        .stop = interruption.token(),
    };
    fmt::print("lab {}: {} submissions, {} at a time, sandbox {} (limits by {})\n", options.lab,
               submissions.size(), options.grader.workers, sandbox.name(), Sandbox::limits_by());
    std::fflush(stdout);
    write_record(CourseRecord::of(course), options.out, job.course);
    const auto results = grade_class(job, submissions, show);
    return conclude(results, submissions.size(), options);
}

void add_class_options(CLI::App& command, Options& options) {
    command.add_option("submissions", options.submissions,
                       "folders, archives (.tar.gz, .zip...) or git repositories");
    command.add_option("--lab", options.lab, "which lab")->required()->check(CLI::Range(1, 7));
    command.add_option("--out", options.out, "folder for results, <id>.json")->required();
    command
        .add_option("--roster", options.roster,
                    "CSV with columns id, submission, revision, extension (days), handed in")
        ->check(CLI::ExistingFile);
    command.add_option("--deadline", options.deadline, "such as 2026-12-01T23:59+01:00");
    command
        .add_option("--late-penalty", options.late.percent_a_day,
                    "per cent taken off for each day (default: 0)")
        ->check(CLI::Range(0, 100));
    command
        .add_option("--late-days", options.late.accepted_days,
                    "what comes later counts for nothing (default: 7)")
        ->check(CLI::Range(0, 1000));
    command.add_option("--seed", options.seed, "of the first run of each test (default: 1)");
    command.add_flag("--personal-seeds", options.personal_seeds,
                     "inputs differ from student to student, by their ids");
    command.add_flag("--again", options.again, "grade also what is graded already");
    command.add_flag("--no-integration", options.no_integration,
                     "leave out the students' own systems");
}

} // namespace

void add_run(CLI::App& app, Run& run) {
    CLI::App* command = app.add_subcommand("run", "Grade what a class handed in");
    const auto options = std::make_shared<Options>();
    add_class_options(*command, *options);
    add_grader_options(*command, options->grader);
    command->callback([&run, options] { run = [options] { return run_class(*options); }; });
}

} // namespace grade
