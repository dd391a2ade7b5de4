// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// rel4-grade branches: writes, or carries on, the repositories of a course.
/// Read next: ../course/branches.hpp.
#include "autograder/course/branches.hpp"
#include "autograder/command.hpp"

#include <fmt/core.h>
#include <memory>

namespace grade {

namespace {

namespace fs = std::filesystem;

struct Options {
    std::string out;
    std::string root = ".";
    std::string message;
};

void report(const fs::path& repository, const std::vector<Appended>& appended) {
    fmt::print("{}: {}\n", repository.string(), appended.empty() ? "nothing new" : "appended");
    for (const Appended& each : appended) {
        fmt::print("  lab{}  {:.10}  {}\n", each.lab, each.commit, each.message);
    }
}

Status branches(const Options& options) {
    Problems problems;
    const SourceTree source = SourceTree::read(options.root);
    const Course course(source, problems);
    Editions editions = make_editions(course, problems);
    for (const Problem& problem : problems.all()) {
        fmt::print(stderr, "{}:{}: {}\n", problem.path, problem.line, problem.text);
    }
    if (!problems.empty()) {
        fmt::print(stderr, "rel4-grade: {} problems, nothing was written\n", problems.all().size());
        return build_error;
    }
    if (has_changes(options.root)) {
        fmt::print("Note: the source holds changes that are not committed; they go in.\n");
    }
    const fs::path out = fs::absolute(options.out);
    for (Edition* edition : {&editions.starter, &editions.solution}) {
        edition->date = date_of(options.root);
        edition->message = options.message;
        const fs::path repository =
            out / (edition == &editions.starter ? "starter.git" : "solutions.git");
        report(repository, append(repository, *edition));
    }
    return full;
}

} // namespace

void add_branches(CLI::App& app, Run& run) {
    CLI::App* command = app.add_subcommand(
        "branches", "Write starter.git and solutions.git, or append to them what changed");
    const auto options = std::make_shared<Options>();
    command->add_option("--out", options->out, "folder for both")->required();
    command->add_option("--message", options->message,
                        "a sentence for students: what changed (default: which files)");
    command->add_option("--root", options->root, "top folder of the source tree (default: .)");
    command->callback([&run, options] { run = [options] { return branches(*options); }; });
}

} // namespace grade
