// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// rel4-grade derive: writes the tree of one stage.
/// Read next: ../derive/tree.hpp.
#include "autograder/command.hpp"
#include "autograder/derive/output.hpp"

#include <fmt/core.h>
#include <map>
#include <memory>

namespace grade {

namespace {

struct Options {
    int lab = 0;
    Kind kind = Kind::starter;
    std::string out;
    std::string root = ".";
    bool force = false;
};

Status derive(const Options& options) {
    Problems problems;
    const SourceTree source = SourceTree::read(options.root);
    const Course course(source, problems);
    const auto tree = derive_tree(course, options.lab, options.kind, problems);
    for (const Problem& problem : problems.all()) {
        fmt::print(stderr, "{}:{}: {}\n", problem.path, problem.line, problem.text);
    }
    if (!problems.empty()) {
        fmt::print(stderr, "rel4-grade: {} problems, nothing was written\n", problems.all().size());
        return build_error;
    }
    write_tree(tree, options.lab, options.kind, options.root, {options.out, options.force});
    fmt::print("{}: lab {}, {}, {} files\n", options.out, options.lab, text(options.kind),
               tree.size());
    return full;
}

} // namespace

void add_derive(CLI::App& app, Run& run) {
    static const std::map<std::string, Kind> kinds = {
        {"starter", Kind::starter}, {"solution", Kind::solution}, {"blank", Kind::blank}};
    CLI::App* command = app.add_subcommand("derive", "Write the tree of one stage to a folder");
    const auto options = std::make_shared<Options>();
    command->add_option("--lab", options->lab, "which stage")
        ->required()
        ->check(CLI::Range(1, Stage::labs));
    command
        ->add_option("--kind", options->kind,
                     "starter (with holes), solution or blank (earlier labs are holes too)")
        ->required()
        ->transform(CLI::CheckedTransformer(kinds));
    command->add_option("--out", options->out, "folder to write; it may not hold anything else")
        ->required();
    command->add_option("--root", options->root, "top folder of the source tree (default: .)");
    command->add_flag("--force", options->force, "replace the folder, whatever it holds");
    command->callback([&run, options] { run = [options] { return derive(*options); }; });
}

} // namespace grade
