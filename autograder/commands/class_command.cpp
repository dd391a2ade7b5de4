// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Options, the starter, and a line for each submission.
#include "autograder/commands/class_command.hpp"

#include "autograder/derive/tree.hpp"
#include "autograder/results/atomic_file.hpp"
#include "autograder/results/safe_text.hpp"
#include "autograder/source/marker.hpp"
#include "autograder/student/catch_up.hpp"

#include <array>
#include <fmt/core.h>

namespace grade {

namespace {

/// The boards that were named; none for the emulator.
std::vector<BoardSettings> boards_of(const GraderOptions& options) {
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

std::shared_ptr<const Target> target_of(const GraderOptions& options) {
    auto boards = boards_of(options);
    if (boards.empty()) {
        return nullptr;
    }
    return std::make_shared<SerialTarget>(std::move(boards), [](const std::string& text) {
        fmt::print(stderr, "rel4-grade: {}\n", safe_line(text, 300));
    });
}

void add_board_options(CLI::App& command, GraderOptions& options) {
    command
        .add_option("--target", options.targets,
                    "qemu, or serial:DEVICE for each board that there is (default: qemu)")
        ->take_all();
    command.add_option("--reset-cmd", options.board.reset,
                       "a command of the shell that resets the board $BOARD");
    command.add_option("--baud", options.board.baud, "of the boards' lines (default: 115200)");
    command
        .add_option("--pace", options.board.pace,
                    "instructions a microsecond that boards do at the least (default: 10)")
        ->check(CLI::Range(0.01, 10000.0));
}

} // namespace

Tools GraderOptions::tools() const {
    const unsigned processors = std::max(std::thread::hardware_concurrency(), 1U);
    return {.emulator = emulator,
            .toolchain = toolchain,
            .jobs = std::max(processors / std::max(workers, 1U), 1U),
            .target = target_of(*this)};
}

void add_grader_options(CLI::App& command, GraderOptions& options) {
    command.add_option("--jobs,-j", options.workers, "submissions at a time (default: processors)")
        ->check(CLI::Range(1, 1024));
    command.add_option("--root", options.root, "top folder of the course's source (default: .)");
    command.add_option("--work", options.work, "folder to build in (default: build/run)");
    command.add_option("--emulator", options.emulator, "its folder (default: build/emulator)");
    command.add_option("--toolchain", options.toolchain, "llvm or gnu (default: llvm)");
    command
        .add_option("--sandbox", options.sandbox,
                    "bwrap, or container: this machine is thrown away after one submission")
        ->check(CLI::IsMember({"bwrap", "container"}));
    command.add_option("--catch-up", options.bundles,
                       "bundles that were given out: who has a body of one counts as caught up");
    command.add_flag("--unsafe", options.is_unsafe,
                     "without a sandbox: submissions can do what you can");
    add_board_options(command, options);
}

std::optional<std::string> obstacle_of_container(std::size_t submissions,
                                                 const std::filesystem::path& root) {
    constexpr std::array signs = {".dockerenv", "run/.containerenv", "run/systemd/container"};
    if (submissions > 1) {
        return fmt::format("--sandbox container holds one submission, and these are {}: what one "
                           "of them does would be done to the others. Grade each in a container "
                           "of its own, or with --sandbox bwrap",
                           submissions);
    }
    if (std::ranges::none_of(
            signs, [&](const char* sign) { return std::filesystem::exists(root / sign); })) {
        return "--sandbox container: this machine does not look like one (it has no /.dockerenv "
               "and no /run/.containerenv). If it is, and is thrown away afterwards: touch "
               "/run/.containerenv. If not: --sandbox bwrap";
    }
    return std::nullopt;
}

Sandbox sandbox_of(const GraderOptions& options, std::size_t submissions) {
    if (options.is_unsafe) {
        fmt::print(stderr, "rel4-grade: --unsafe: submissions can do what you can\n");
        return Sandbox(Sandbox::Kind::none);
    }
    if (options.sandbox == "bwrap") {
        return Sandbox(Sandbox::Kind::bubblewrap);
    }
    if (const auto why_not = obstacle_of_container(submissions, "/")) {
        throw EnvironmentError(*why_not);
    }
    return Sandbox(Sandbox::Kind::container);
}

namespace {

std::vector<SourceFile> derive(const Course& course, int lab, Kind kind, Problems& problems) {
    std::vector<SourceFile> files;
    for (StageText& text : derive_tree(course, lab, kind, problems)) {
        files.push_back({text.path, std::move(text.content), text.is_executable});
    }
    return files;
}

/// The tree that submissions are put into. Its marker is that of the tree that students are given,
/// in which the exercises of earlier labs are holes too: by it a stale starter is told.
SourceTree derive_starter(const std::string& root, int lab) {
    Problems problems;
    const SourceTree source = SourceTree::read(root);
    const Course course(source, problems);
    std::vector<SourceFile> files = derive(course, lab, Kind::starter, problems);
    const std::vector<SourceFile> given_out = derive(course, lab, Kind::blank, problems);
    if (!problems.empty()) {
        const Problem& problem = *problems.all().begin();
        throw EnvironmentError(fmt::format("the course cannot be derived: {}:{}: {}", problem.path,
                                           problem.line, problem.text));
    }
    files.push_back({Marker::path, Marker::of(given_out, lab, "starter").text()});
    return SourceTree(std::move(files));
}

GivenBodies read_bundles(const std::vector<std::string>& paths) {
    GivenBodies given;
    for (const std::string& path : paths) {
        const auto content = read_file(path);
        if (!content) {
            throw EnvironmentError(content.error());
        }
        given.merge(Bundle::parse({path, *content}).bodies);
    }
    return given;
}

} // namespace

Lab make_lab(const GraderOptions& options, int lab, std::string_view target) {
    Lab made(derive_starter(options.root, lab), lab, find_compiler(options.toolchain), target);
    made.give(read_bundles(options.bundles));
    return made;
}

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

} // namespace grade
