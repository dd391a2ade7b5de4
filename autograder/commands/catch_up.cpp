// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// rel4-grade catch-up: writes the bundle of a lab.
/// Read next: ../course/release.hpp.
#include "autograder/command.hpp"
#include "autograder/course/release.hpp"

#include <fmt/core.h>
#include <fstream>
#include <memory>

namespace grade {

namespace {

struct Options {
    int lab = 0;
    std::string out;
    std::string root = ".";
};

Status release(const Options& options) {
    Problems problems;
    const SourceTree source = SourceTree::read(options.root);
    const Course course(source, problems);
    for (const Problem& problem : problems.all()) {
        fmt::print(stderr, "{}:{}: {}\n", problem.path, problem.line, problem.text);
    }
    if (!problems.empty()) {
        return build_error;
    }
    const Bundle bundle = make_bundle(course, options.lab);
    std::ofstream stream(options.out, std::ios::binary);
    stream << bundle.text();
    stream.close();
    if (!stream) {
        throw EnvironmentError(fmt::format("{} cannot be written", options.out));
    }
    fmt::print("{}: {} exercises of lab {}, digest {}\n", options.out, bundle.bodies.size(),
               options.lab, bundle.digest());
    return full;
}

} // namespace

void add_catch_up(CLI::App& app, Run& run) {
    CLI::App* command = app.add_subcommand(
        "catch-up", "Write a lab's reference bodies to a file, for students who catch up");
    const auto options = std::make_shared<Options>();
    command->add_option("--lab", options->lab, "which")
        ->required()
        ->check(CLI::Range(1, Stage::labs));
    command->add_option("--out", options->out, "file to write")->required();
    command->add_option("--root", options->root, "top folder of the source tree (default: .)");
    command->callback([&run, options] { run = [options] { return release(*options); }; });
}

} // namespace grade
