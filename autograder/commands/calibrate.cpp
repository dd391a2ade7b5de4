// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// rel4-grade calibrate: what speed is worth with this compiler.
/// Read next: ../check/calibration.hpp.
#include "autograder/check/calibration.hpp"
#include "autograder/check/trial.hpp"
#include "autograder/command.hpp"
#include "autograder/results/atomic_file.hpp"
#include "autograder/run/compiler.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <memory>
#include <thread>

namespace grade {

namespace {

namespace fs = std::filesystem;

struct Options {
    std::string root = ".";
    std::vector<int> labs = {1, 2, 3, 4, 5, 6, 7};
    std::string work = "build/check";
    std::string emulator = "build/emulator";
    std::string toolchain = "llvm";
    bool only_check = false;
};

/// A lab in one compiler's hands.
class Calibration {
public:
    Calibration(const Options& options, const Course& course, const Compiler& compiler, int lab)
        : options_(options), course_(course), compiler_(compiler),
          trees_(course, lab, lab, problems_),
          bands_(Bands::read(course.tree(), trees_.plan().folder, compiler.bands(), problems_)),
          designs_(read_straightforward(course.tree(), trees_.solution(), trees_.manifest(),
                                        trees_.plan(), problems_)) {
        if (!problems_.empty()) {
            const Problem& problem = *problems_.all().begin();
            throw EnvironmentError(
                fmt::format("{}:{}: {}", problem.path, problem.line, problem.text));
        }
    }

    /// @return how many bands were, or would be, changed
    int run() {
        std::vector<const PlannedTest*> tests;
        for (const PlannedTest& test : trees_.plan().tests) {
            if (test.perf) {
                tests.push_back(&test);
            }
        }
        if (tests.empty()) {
            return 0;
        }
        const Sandbox sandbox(Sandbox::Kind::bubblewrap);
        const Tools tools{.emulator = options_.emulator,
                          .toolchain = options_.toolchain,
                          .jobs = std::max(std::thread::hardware_concurrency(), 1U)};
        Bench bench(sandbox, tools, trees_.plan(),
                    fmt::format("{}/lab{}/worker-0", options_.work, trees_.plan().lab));
        const fs::path path = trees_.plan().folder + "/bands.toml";
        const SourceFile* const file = course_.tree().find(path.string());
        std::string text = file == nullptr ? "" : file->content;
        int changed = 0;
        for (const PlannedTest* test : tests) {
            changed += calibrate(*test, measure(bench, *test), text);
        }
        if (changed > 0 && !options_.only_check) {
            write_file(fs::path(options_.root) / path, text);
        }
        return changed;
    }

private:
    [[nodiscard]] Measured measure(Bench& bench, const PlannedTest& test) const {
        auto files = trees_.tree_with(trees_.exercises());
        Measured measured{most(bench, files, test, "the reference"), {}};
        const auto design = std::ranges::find(designs_, test.id, &Mutant::test);
        if (design != designs_.end()) {
            const SourceFile changed = mutate(*design, trees_.solution(), trees_.manifest());
            *std::ranges::find(files, changed.path, &SourceFile::path) = changed;
            measured.straightforward = most(bench, files, test, "the straightforward design");
        }
        return measured;
    }

    /// Of all its seeds.
    [[nodiscard]] std::uint64_t most(Bench& bench, const std::vector<SourceFile>& files,
                                     const PlannedTest& test, std::string_view whose) const {
        const PlannedTest* const wanted = &test;
        const Trial trial =
            bench.run(files, std::span(&wanted, 1), [](const TestRun&) { return false; });
        std::uint64_t value = 0;
        for (const TestRun& run : trial.runs) {
            value = std::max(value, run.value.value_or(0));
        }
        if (!trial.built || !trial.all_passed(test.id) || value == 0) {
            throw EnvironmentError(fmt::format("lab {}: {} does not pass {}: rel4-grade check says "
                                               "more",
                                               trees_.plan().lab, whose, test.id));
        }
        return value;
    }

    /// @return 1 if the band is another one
    int calibrate(const PlannedTest& test, const Measured& measured, std::string& text) {
        const auto old = bands_.find(test.id);
        std::string what = fmt::format("lab {} {:<16} {:<8} reference {}", trees_.plan().lab,
                                       test.id, compiler_.bands(), measured.reference);
        if (measured.straightforward) {
            what += fmt::format(", straightforward {}", *measured.straightforward);
        }
        if (old) {
            what += fmt::format(", band {} to {}", old->full, old->none);
        }
        if (old && fits(*old, measured)) {
            fmt::print("{}: fits\n", what);
            return 0;
        }
        const auto other =
            old ? old : any_band(course_.tree(), trees_.plan().folder, test.id, problems_);
        const Band band = make_band(measured, other);
        text = with_band(std::move(text), compiler_.bands(), test.id, band);
        fmt::print("{}: {} {} to {}\n", what, options_.only_check ? "should be" : "now", band.full,
                   band.none);
        std::fflush(stdout);
        return 1;
    }

    const Options& options_;
    const Course& course_;
    const Compiler& compiler_;
    Problems problems_;
    LabTrees trees_;
    Bands bands_;
    std::vector<Mutant> designs_;
};

Status calibrate(const Options& options) {
    const Compiler compiler = find_compiler(options.toolchain);
    if (compiler.version.empty()) {
        throw EnvironmentError(
            fmt::format("this machine has no compiler \"{}\": make doctor", options.toolchain));
    }
    Problems problems;
    const SourceTree source = SourceTree::read(options.root);
    const Course course(source, problems);
    int changed = 0;
    for (const int lab : options.labs) {
        changed += Calibration(options, course, compiler, lab).run();
    }
    fmt::print("{}: {} bands {}\n", compiler.text(), changed,
               options.only_check ? "do not fit" : "were changed");
    return options.only_check && changed > 0 ? not_full : full;
}

} // namespace

void add_calibrate(CLI::App& app, Run& run) {
    CLI::App* command = app.add_subcommand(
        "calibrate", "Measure performance tests, and write labs/N-name/bands.toml");
    const auto options = std::make_shared<Options>();
    command->add_option("--lab", options->labs, "which labs (default: all)")
        ->check(CLI::Range(1, 7));
    command->add_flag("--check", options->only_check,
                      "write nothing; ends with 1 if a band is off");
    command->add_option("--root", options->root, "top folder of the source tree (default: .)");
    command->add_option("--work", options->work, "folder for trees (default: build/check)");
    command->add_option("--emulator", options->emulator, "its folder (default: build/emulator)");
    command->add_option("--toolchain", options->toolchain, "llvm or gnu (default: llvm)");
    command->callback([&run, options] { run = [options] { return calibrate(*options); }; });
}

} // namespace grade
