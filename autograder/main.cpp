// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// rel4-grade: the host program that derives stages from the source tree, and will grade them.
/// Exit status: 0 done, 2 the source tree breaks a rule, 3 this machine or the arguments do not
/// allow it, 4 a fault of this program.
/// Read next: derive/tree.hpp.
#include "autograder/derive/output.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <map>

namespace {

enum Status : int { done = 0, build_error = 2, environment_error = 3, internal_error = 4 };

struct DeriveOptions {
    int lab = 0;
    derive::Kind kind = derive::Kind::starter;
    std::string out;
    std::string root = ".";
    bool force = false;
};

void add_derive(CLI::App& app, DeriveOptions& options) {
    static const std::map<std::string, derive::Kind> kinds = {{"starter", derive::Kind::starter},
                                                              {"solution", derive::Kind::solution}};
    CLI::App* command = app.add_subcommand("derive", "Write the tree of one stage to a folder");
    command->add_option("--lab", options.lab, "which stage")
        ->required()
        ->check(CLI::Range(1, derive::Stage::labs));
    command->add_option("--kind", options.kind, "starter (with holes) or solution")
        ->required()
        ->transform(CLI::CheckedTransformer(kinds));
    command->add_option("--out", options.out, "folder to write; it may not hold anything else")
        ->required();
    command->add_option("--root", options.root, "top folder of the source tree (default: .)");
    command->add_flag("--force", options.force, "replace the folder, whatever it holds");
}

Status run_derive(const DeriveOptions& options) {
    derive::Problems problems;
    const derive::SourceTree source = derive::SourceTree::read(options.root);
    const derive::Course course(source, problems);
    const auto tree = derive::derive_tree(course, options.lab, options.kind, problems);
    for (const derive::Problem& problem : problems.all()) {
        fmt::print(stderr, "{}:{}: {}\n", problem.path, problem.line, problem.text);
    }
    if (!problems.empty()) {
        fmt::print(stderr, "rel4-grade: {} problems, nothing was written\n", problems.all().size());
        return build_error;
    }
    derive::write_tree(tree, options.lab, options.kind, options.root, {options.out, options.force});
    fmt::print("{}: lab {}, {}, {} files\n", options.out, options.lab, text(options.kind),
               tree.size());
    return done;
}

} // namespace

int main(int argc, char** argv) {
    try {
        CLI::App app("Derives the stages of ReL4 from its source tree.", "rel4-grade");
        app.require_subcommand(1);
        DeriveOptions options;
        add_derive(app, options);
        try {
            app.parse(argc, argv);
        } catch (const CLI::ParseError& error) {
            return app.exit(error) == 0 ? done : environment_error;
        }
        return run_derive(options);
    } catch (const derive::EnvironmentError& error) {
        fmt::print(stderr, "rel4-grade: {}\n", error.what());
        return environment_error;
    } catch (const std::filesystem::filesystem_error& error) {
        fmt::print(stderr, "rel4-grade: {}\n", error.what());
        return environment_error;
    } catch (const std::exception& error) {
        fmt::print(stderr, "rel4-grade: fault of this program: {}\n", error.what());
        return internal_error;
    }
}
