// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// rel4-grade submit: packs what is handed in.
/// Read next: ../student/submit.hpp.
#include "autograder/student/submit.hpp"
#include "autograder/command.hpp"
#include "autograder/source/source_tree.hpp"
#include "autograder/student/archive.hpp"

#include <fmt/core.h>
#include <fstream>
#include <memory>

namespace grade {

namespace {

namespace fs = std::filesystem;

struct Options {
    std::string root = ".";
    std::string out = "submission.tar.gz";
    int lab = 0;
    bool anyway = false;
};

void write(const fs::path& path, const std::string& content) {
    const fs::path fresh = path.string() + ".new";
    std::ofstream stream(fresh, std::ios::binary);
    stream << content;
    stream.close();
    if (!stream) {
        fs::remove(fresh);
        throw EnvironmentError(fmt::format("{} cannot be written", path.string()));
    }
    fs::rename(fresh, path);
}

Status submit(const Options& options) {
    const Package submission = collect(options.root, options.lab);
    for (const Problem& problem : submission.problems.all()) {
        fmt::print("{}:{}: {}\n", problem.path, problem.line, problem.text);
    }
    for (const std::string& warning : submission.warnings) {
        fmt::print("Note: {}\n", warning);
    }
    if (!submission.problems.empty() && !options.anyway) {
        fmt::print("Nothing was written: the grader would not take what is named above. To hand in "
                   "the rest\nas it is: ANYWAY=1\n");
        return build_error;
    }
    const std::string packed = tar_gz(submission.files);
    write(fs::path(options.root) / options.out, packed);
    fmt::print("\n{} holds, for lab {}:\n", options.out, submission.lab);
    for (const SourceFile& file : submission.files) {
        fmt::print("{:>9}  {}\n", file.content.size(), file.path);
    }
    fmt::print("{:>9}  bytes in {} files, {} packed\n", "", submission.files.size(), packed.size());
    return full;
}

} // namespace

void add_submit(CLI::App& app, Run& run) {
    CLI::App* command =
        app.add_subcommand("submit", "Check a lab's work and pack it to hand it in");
    const auto options = std::make_shared<Options>();
    command->add_option("--lab", options->lab, "which (default: the tree's)")
        ->check(CLI::Range(1, 7));
    command->add_option("--out", options->out, "file to write (default: submission.tar.gz)");
    command->add_option("--root", options->root, "top folder of your tree (default: .)");
    command->add_flag("--anyway", options->anyway, "also if exercises cannot be found");
    command->callback([&run, options] { run = [options] { return submit(*options); }; });
}

} // namespace grade
