// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Mutants, by hand and by machine.
#include "autograder/check/mechanical.hpp"
#include "autograder/check/proofs.hpp"

#include <algorithm>
#include <atomic>
#include <random>

namespace grade {

namespace {

constexpr double least_part_caught = 0.9;

std::vector<SourceFile> with_file(std::vector<SourceFile> files, SourceFile changed) {
    *std::ranges::find(files, changed.path, &SourceFile::path) = std::move(changed);
    return files;
}

std::string first_error(const Trial& trial) {
    return trial.errors.empty() ? "it is not built"
                                : fmt::format("{}:{}: {}", trial.errors[0].file,
                                              trial.errors[0].line, trial.errors[0].text);
}

void prove_mutant(const Proof& proof, Bench& bench, const std::vector<SourceFile>& solution,
                  const Mutant& mutant) {
    const LabTrees& trees = proof.trees;
    const auto files = with_file(solution, mutate(mutant, trees.solution(), trees.manifest()));
    const std::vector tests = {trees.plan().find(mutant.test)};
    const Trial trial = bench.run(files, tests, false);
    std::vector<std::string> why;
    if (!trial.built) {
        why.push_back(first_error(trial));
    } else if (!trial.any_failed()) {
        why.push_back(fmt::format("{} passes", mutant.test));
    } else {
        bool is_said = false;
        for (const TestRun& run : trial.runs) {
            for (const std::string& message : run.messages) {
                is_said = is_said || message.contains(mutant.says);
                why.push_back(message);
            }
        }
        if (is_said) {
            why.clear();
        } else {
            why.insert(why.begin(), fmt::format("nothing says \"{}\", but:", mutant.says));
        }
    }
    proof.tap.tell(why.empty(),
                   fmt::format("mutant {}: {} ({:.1f} s)", mutant.id, mutant.what, trial.seconds),
                   why);
}

/// Tests in which the exercise is run.
std::vector<const PlannedTest*> tests_of(const TestPlan& plan, ExerciseId exercise) {
    std::vector<const PlannedTest*> tests;
    for (const PlannedTest& test : plan.tests) {
        if (std::ranges::find(test.needs, exercise) != test.needs.end() && !test.perf) {
            tests.push_back(&test);
        }
    }
    return tests;
}

struct Counts {
    std::atomic<unsigned> tried = 0;
    std::atomic<unsigned> caught = 0;
};

void try_mechanical(const Proof& proof, Bench& bench, const std::vector<SourceFile>& solution,
                    const Mutant& mutant, bool is_equivalent, Counts& counts) {
    const auto place = place_of(mutant.exercise, proof.trees.solution(), proof.trees.manifest());
    if (!place) {
        return;
    }
    const auto files = with_file(solution, apply(mutant, *place));
    const Trial trial = bench.run(files, tests_of(proof.trees.plan(), mutant.exercise), true);
    if (!trial.built && trial.runs.empty()) {
        return; // it is no program
    }
    if (is_equivalent) {
        if (trial.any_failed()) {
            proof.tap.tell(false, fmt::format("{} {} is not equivalent", mutant.id, mutant.what));
        }
        return;
    }
    ++counts.tried;
    if (trial.any_failed()) {
        ++counts.caught;
    } else {
        proof.tap.note(fmt::format("survives: {} {}", mutant.id, mutant.what));
    }
}

} // namespace

void prove_mutants(const Proof& proof, const std::vector<Mutant>& mutants) {
    const auto solution = proof.trees.tree_with(proof.trees.exercises());
    std::vector<Workshop::Work> pieces;
    pieces.reserve(mutants.size());
    for (const Mutant& mutant : mutants) {
        pieces.emplace_back([&](Bench& bench) { prove_mutant(proof, bench, solution, mutant); });
    }
    proof.workshop.run(std::move(pieces));
}

void prove_mechanical(const Proof& proof, std::span<const Equivalent> equivalents,
                      std::size_t sample, std::uint64_t seed) {
    const auto is_equivalent = [equivalents](const Mutant& mutant) {
        return std::ranges::count(equivalents, Equivalent{mutant.exercise, mutant.what}) != 0;
    };
    const auto solution = proof.trees.tree_with(proof.trees.exercises());
    std::vector<Mutant> chosen;
    for (const ManifestExercise& exercise : proof.trees.manifest().exercises) {
        const auto place = place_of(exercise.id, proof.trees.solution(), proof.trees.manifest());
        std::vector<Mutant> all = place ? mechanical_mutants(*place) : std::vector<Mutant>();
        if (sample != 0) {
            std::mt19937_64 random(seed);
            std::ranges::shuffle(all, random);
            all.resize(std::min(all.size(), sample));
        }
        std::ranges::move(all, std::back_inserter(chosen));
    }
    Counts counts;
    std::vector<Workshop::Work> pieces;
    pieces.reserve(chosen.size());
    for (const Mutant& mutant : chosen) {
        pieces.emplace_back([&](Bench& bench) {
            try_mechanical(proof, bench, solution, mutant, is_equivalent(mutant), counts);
        });
    }
    proof.workshop.run(std::move(pieces));
    proof.tap.tell(counts.caught >= least_part_caught * counts.tried,
                   fmt::format("lab {}: {} of {} mechanical mutants are caught",
                               proof.trees.plan().lab, counts.caught.load(), counts.tried.load()));
}

} // namespace grade
