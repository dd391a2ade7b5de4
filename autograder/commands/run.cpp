// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// rel4-grade run: grades what a class handed in, unattended.
/// Read next: ../class/class_run.hpp.
#include "autograder/board/serial_target.hpp"
#include "autograder/class/class_run.hpp"
#include "autograder/command.hpp"
#include "autograder/derive/tree.hpp"
#include "autograder/results/safe_text.hpp"
#include "autograder/run/interruption.hpp"
#include "autograder/source/marker.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <memory>
#include <thread>

namespace grade {

namespace {

namespace fs = std::filesystem;

struct Options {
    std::vector<fs::path> submissions;
    int lab = 0;
    std::string out;
    fs::path roster;
    std::string root = ".";
    std::string work = "build/run";
    std::string emulator = "build/emulator";
    std::string toolchain = "llvm";
    std::string sandbox = "bwrap";
    std::string deadline;
    LatePolicy late;
    unsigned workers = std::max(std::thread::hardware_concurrency(), 1U);
    std::uint64_t seed = 1;
    bool personal_seeds = false;
    bool again = false;
    bool no_integration = false;
    bool is_unsafe = false;
    std::vector<std::string> targets = {"qemu"};
    BoardSettings board; ///< what all boards have in common
};

/// The boards that were named; none for the emulator.
std::vector<BoardSettings> boards_of(const Options& options) {
    std::vector<BoardSettings> boards;
    for (const std::string& target : options.targets) {
        if (const auto device = device_of(target)) {
            boards.push_back(options.board);
            boards.back().device = *device;
        }
    }
    if (!boards.empty() && boards.size() < options.targets.size()) {
        throw EnvironmentError("--target: the emulator and boards do not grade the same class");
    }
    if (!boards.empty() && options.board.reset.empty()) {
        throw EnvironmentError(
            "--target serial needs --reset-cmd, a command that resets the board named by $BOARD");
    }
    return boards;
}

/// The starter that is graded on: its earlier labs are the reference's.
SourceTree derive_starter(const Options& options) {
    Problems problems;
    const SourceTree source = SourceTree::read(options.root);
    const Course course(source, problems);
    std::vector<SourceFile> files;
    for (StageText& text : derive_tree(course, options.lab, Kind::starter, problems)) {
        files.push_back({text.path, std::move(text.content), text.is_executable});
    }
    if (!problems.empty()) {
        const Problem& problem = *problems.all().begin();
        throw EnvironmentError(fmt::format("the course cannot be derived: {}:{}: {}", problem.path,
                                           problem.line, problem.text));
    }
    files.push_back({Marker::path, Marker::of(files, options.lab, "starter").text()});
    return SourceTree(std::move(files));
}

Sandbox sandbox_of(const Options& options) {
    if (options.is_unsafe) {
        return Sandbox(Sandbox::Kind::none);
    }
    return Sandbox(options.sandbox == "bwrap" ? Sandbox::Kind::bubblewrap
                                              : Sandbox::Kind::container);
}

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

/// "[ 12/100]  ada   85/110   4.2 s"
void show(const ClassStep& step) {
    const Result& result = step.result;
    const Points points = total(result);
    const std::string what =
        is_graded(result)
            ? fmt::format("{:>6} / {}", points_text(points.points), points_text(points.max))
            : fmt::format("{}", text(result.status));
    const std::string more = step.kept                ? "graded before"
                             : result.message.empty() ? ""
                                                      : safe_line(result.message, 160);
    const std::size_t width = std::to_string(step.all).size();
    fmt::print("[{:>{}}/{}]  {:<20} {:<14} {:>6.1f} s  {}\n", step.done, width, step.all,
               safe_line(result.submission.id, 40), what, step.kept ? 0 : result.seconds, more);
    std::fflush(stdout);
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
    std::vector<BoardSettings> wanted = boards_of(options);
    const bool on_boards = !wanted.empty();
    Boards boards(std::move(wanted), [](const std::string& text) {
        fmt::print(stderr, "rel4-grade: {}\n", safe_line(text, 300));
    });
    const Lab lab(derive_starter(options), options.lab, on_boards ? "serial" : "qemu");
    const Sandbox sandbox = sandbox_of(options);
    fs::create_directories(options.out);
    const unsigned processors = std::max(std::thread::hardware_concurrency(), 1U);
    const ClassJob job{
        .lab = lab,
        .sandbox = sandbox,
        .tools = {.emulator = options.emulator,
                  .toolchain = options.toolchain,
                  .jobs = std::max(processors / std::max(options.workers, 1U), 1U),
                  .target = on_boards ? std::make_shared<SerialTarget>(boards) : nullptr},
        .late = options.late,
        .out = options.out,
        .work = options.work,
        .course = digest_of(lab.base().tree().files()),
        .workers = options.workers,
        .seed = options.seed,
        .personal_seeds = options.personal_seeds,
        .again = options.again,
        .integration = !options.no_integration,
        .stop = interruption.token(),
    };
    fmt::print("lab {}: {} submissions, {} at a time, sandbox {} (limits by {})\n", options.lab,
               submissions.size(), options.workers, sandbox.name(), Sandbox::limits_by());
    std::fflush(stdout);
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
    command.add_option("--jobs,-j", options.workers, "submissions at a time (default: processors)")
        ->check(CLI::Range(1, 1024));
    command.add_option("--seed", options.seed, "of the first run of each test (default: 1)");
    command.add_flag("--personal-seeds", options.personal_seeds,
                     "inputs differ from student to student, by their ids");
    command.add_flag("--again", options.again, "grade also what is graded already");
    command.add_flag("--no-integration", options.no_integration,
                     "leave out the students' own systems");
}

void add_board_options(CLI::App& command, Options& options) {
    command
        .add_option("--target", options.targets,
                    "qemu, or serial:DEVICE for each board that there is (default: qemu)")
        ->take_all();
    command.add_option("--reset-cmd", options.board.reset,
                       "a command of the shell that resets the board $BOARD");
    command.add_option("--baud", options.board.baud, "of the boards' lines (default: 115200)");
    command
        .add_option("--speed", options.board.pace,
                    "instructions a microsecond that boards do at the least (default: 10)")
        ->check(CLI::Range(0.01, 10000.0));
}

} // namespace

void add_run(CLI::App& app, Run& run) {
    CLI::App* command = app.add_subcommand("run", "Grade what a class handed in");
    const auto options = std::make_shared<Options>();
    add_class_options(*command, *options);
    add_board_options(*command, *options);
    command->add_option("--root", options->root, "top folder of the course's source (default: .)");
    command->add_option("--work", options->work, "folder to build in (default: build/run)");
    command->add_option("--emulator", options->emulator, "its folder (default: build/emulator)");
    command->add_option("--toolchain", options->toolchain, "llvm or gnu (default: llvm)");
    command
        ->add_option("--sandbox", options->sandbox,
                     "bwrap, or container: this machine is thrown away after one submission")
        ->check(CLI::IsMember({"bwrap", "container"}));
    command->add_flag("--unsafe", options->is_unsafe,
                      "without a sandbox: submissions can do what you can");
    command->callback([&run, options] { run = [options] { return run_class(*options); }; });
}

} // namespace grade
