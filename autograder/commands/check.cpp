// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// rel4-grade check: proves that the course grades rightly. Writes TAP.
/// Read next: ../check/proofs.hpp.
#include "autograder/check/proofs.hpp"
#include "autograder/command.hpp"
#include "autograder/run/compiler.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <memory>
#include <thread>

namespace grade {

namespace {

struct Options {
    std::string root = ".";
    std::vector<int> labs = {1, 2, 3, 4, 5, 6, 7};
    std::vector<std::string> proofs = {"solution", "prefixes", "mutants", "mechanical", "attacks"};
    int stage = 0;
    std::string work = "build/check";
    std::string emulator = "build/emulator";
    std::string toolchain = "llvm";
    std::string filter;
    unsigned workers = std::max(std::thread::hardware_concurrency(), 1U);
    std::size_t sample = 6;
    std::uint64_t seed = 1;
    std::size_t part = 1;
    std::size_t parts = 1;

    [[nodiscard]] bool wants(std::string_view proof) const {
        return std::ranges::find(proofs, proof) != proofs.end();
    }
};

/// Every `parts`th mutant or attack, from `part` on.
template <class Each>
std::vector<Each> chosen(const Options& options, std::vector<Each> all) {
    std::vector<Each> some;
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (i % options.parts == options.part % options.parts &&
            all[i].id.contains(options.filter)) {
            some.push_back(std::move(all[i]));
        }
    }
    return some;
}

/// How many exercises are done, in a share of the prefixes of all labs.
std::vector<std::size_t> chosen_prefixes(const Options& options, int lab, std::size_t exercises) {
    constexpr std::size_t most_exercises = 9;
    std::vector<std::size_t> lengths;
    for (std::size_t length = 0; length < exercises; ++length) {
        const std::size_t number = static_cast<std::size_t>(lab) * most_exercises + length;
        if (number % options.parts == options.part % options.parts) {
            lengths.push_back(length);
        }
    }
    return lengths;
}

void check_lab(const Options& options, const Course& course, int lab, const Sandbox& sandbox,
               Tap& tap) {
    Problems problems;
    const int stage = options.stage != 0 ? options.stage : lab;
    const LabTrees trees(course, stage, lab, problems);
    const Compiler compiler = find_compiler(options.toolchain);
    const Bands bands = Bands::read(course.tree(), trees.plan().folder, compiler.bands(), problems);
    const std::vector<Mutant> mutants =
        read_mutants(course.tree(), trees.solution(), trees.manifest(), trees.plan(), problems);
    const std::vector<Equivalent> equivalents =
        read_equivalents(course.tree(), trees.solution(), trees.manifest(), trees.plan(), problems);
    const std::vector<Attack> attacks = read_attacks(course.tree(), trees, problems);
    std::vector<std::string> why;
    for (const Problem& problem : problems.all()) {
        why.push_back(fmt::format("{}:{}: {}", problem.path, problem.line, problem.text));
    }
    tap.tell(why.empty(), fmt::format("lab {}: sources, manifest and mutants agree", lab), why);
    if (trees.plan().tests.empty()) {
        return;
    }
    const Tools tools{.emulator = options.emulator, .toolchain = options.toolchain, .jobs = 2};
    Workshop workshop(sandbox, tools, trees, fmt::format("{}/lab{}", options.work, lab),
                      options.workers);
    const Proof proof{trees, workshop, tap};
    if (options.wants("solution")) {
        prove_solution(proof, bands);
    }
    if (options.wants("prefixes")) {
        prove_prefixes(proof, chosen_prefixes(options, lab, trees.exercises().size()));
    }
    if (options.wants("mutants")) {
        prove_mutants(proof, chosen(options, mutants));
    }
    if (options.wants("mechanical")) {
        prove_mechanical(
            proof, equivalents,
            chosen(options, mechanical_mutants(trees, equivalents, options.sample, options.seed)));
    }
    if (options.wants("attacks")) {
        prove_attacks(proof, chosen(options, attacks), bands, compiler);
    }
}

Status check(const Options& options) {
    Problems problems;
    const SourceTree source = SourceTree::read(options.root);
    const Course course(source, problems);
    const Sandbox sandbox(Sandbox::Kind::bubblewrap);
    Tap tap;
    for (const int lab : options.labs) {
        check_lab(options, course, lab, sandbox, tap);
    }
    return tap.failed() == 0 ? full : not_full;
}

} // namespace

void add_check(CLI::App& app, Run& run) {
    CLI::App* command = app.add_subcommand(
        "check", "Prove the course: solutions, prefixes, mutants, attacks; writes TAP");
    const auto options = std::make_shared<Options>();
    command->add_option("--lab", options->labs, "which labs (default: all)")
        ->check(CLI::Range(1, 7));
    command->add_option("--proof", options->proofs, "which proofs (default: all)")
        ->check(CLI::IsMember({"solution", "prefixes", "mutants", "mechanical", "attacks"}));
    command->add_option("--stage", options->stage,
                        "run a lab's tests in the tree of this later stage");
    command->add_option("--filter", options->filter,
                        "only mutants and attacks with this in their ids");
    command->add_option("--part", options->part,
                        "of --parts: which share of the prefixes, mutants and attacks");
    command->add_option("--parts", options->parts, "in how many shares they are divided")
        ->check(CLI::PositiveNumber);
    command->add_option("--sample", options->sample,
                        "mechanical mutants for each exercise, 0: all (default: 6)");
    command->add_option("--seed", options->seed, "which mechanical mutants are the sample");
    command->add_option("--root", options->root, "top folder of the source tree (default: .)");
    command->add_option("--work", options->work, "folder for trees (default: build/check)");
    command->add_option("--emulator", options->emulator, "its folder (default: build/emulator)");
    command->add_option("--toolchain", options->toolchain, "llvm or gnu (default: llvm)");
    command->add_option("--jobs", options->workers, "trees at a time (default: processors)");
    command->callback([&run, options] { run = [options] { return check(*options); }; });
}

} // namespace grade
