// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Mutants by machine.
#include "autograder/check/mechanical.hpp"
#include "autograder/check/proofs.hpp"

#include <algorithm>
#include <map>

namespace grade {

namespace {

constexpr double least_part_caught = 0.9;

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

/// What came of the mutants of an exercise, or of a lab.
struct Counts {
    unsigned caught = 0;
    unsigned survived = 0;
    unsigned equivalent = 0;
    unsigned no_program = 0;
    double seconds = 0;

    void add(const Counts& more) {
        caught += more.caught;
        survived += more.survived;
        equivalent += more.equivalent;
        no_program += more.no_program;
        seconds += more.seconds;
    }

    [[nodiscard]] std::string text() const {
        return fmt::format("{} of {} mechanical mutants are caught", caught, caught + survived);
    }
    [[nodiscard]] std::string rest() const {
        const unsigned all = caught + survived + equivalent + no_program;
        return fmt::format("{} equivalent, {} do not compile, {:.1f} s each", equivalent,
                           no_program, all == 0 ? 0 : seconds / all);
    }
};

Counts try_mechanical(const Proof& proof, Bench& bench, const std::vector<SourceFile>& solution,
                      const Mutant& mutant, bool is_equivalent) {
    const auto place = place_of(mutant.exercise, proof.trees.solution(), proof.trees.manifest());
    const auto files = place ? with_file(solution, apply(mutant, *place)) : solution;
    const Trial trial =
        bench.run(files, tests_of(proof.trees.plan(), mutant.exercise),
                  [](const TestRun& run) { return run.verdict != TestRun::Verdict::passed; });
    Counts counts{.seconds = trial.seconds};
    if (!trial.built) {
        ++counts.no_program;
    } else if (is_equivalent) {
        ++counts.equivalent;
        if (trial.any_failed()) {
            proof.tap.tell(false, fmt::format("{} {} is not equivalent", mutant.id, mutant.what));
        }
    } else if (trial.any_failed()) {
        ++counts.caught;
    } else {
        ++counts.survived;
        proof.tap.note(fmt::format("survives: {} {}", mutant.id, mutant.what));
    }
    return counts;
}

/// The same in each run and on each machine, and of another one the same whatever stands around it.
std::uint64_t hash_of(const Mutant& mutant, std::uint64_t seed) {
    std::uint64_t hash = 0xcbf29ce484222325 ^ seed; // FNV-1a
    for (const char each : mutant.exercise.text() + mutant.what) {
        hash = (hash ^ static_cast<unsigned char>(each)) * 0x100000001b3;
    }
    return hash;
}

bool is_equivalent(const Mutant& mutant, std::span<const Equivalent> equivalents) {
    return std::ranges::find(equivalents, Equivalent{mutant.exercise, mutant.what}) !=
           equivalents.end();
}

} // namespace

std::vector<Mutant> mechanical_mutants(const LabTrees& trees,
                                       std::span<const Equivalent> equivalents, std::size_t sample,
                                       std::uint64_t seed) {
    std::vector<Mutant> chosen;
    for (const ManifestExercise& exercise : trees.manifest().exercises) {
        const auto place = place_of(exercise.id, trees.solution(), trees.manifest());
        std::vector<Mutant> all = place ? mechanical_mutants(*place) : std::vector<Mutant>();
        if (sample != 0) {
            std::erase_if(all, [equivalents](const Mutant& mutant) {
                return is_equivalent(mutant, equivalents);
            });
            std::ranges::sort(all, {},
                              [seed](const Mutant& mutant) { return hash_of(mutant, seed); });
            all.resize(std::min(all.size(), sample));
        }
        std::ranges::move(all, std::back_inserter(chosen));
    }
    return chosen;
}

void prove_mechanical(const Proof& proof, std::span<const Equivalent> equivalents,
                      const std::vector<Mutant>& mutants) {
    const auto solution = proof.trees.tree_with(proof.trees.exercises());
    std::map<ExerciseId, Counts> counts;
    std::mutex mutex; // guards counts
    std::vector<Workshop::Work> pieces;
    pieces.reserve(mutants.size());
    for (const Mutant& mutant : mutants) {
        pieces.emplace_back([&](Bench& bench) {
            const Counts one =
                try_mechanical(proof, bench, solution, mutant, is_equivalent(mutant, equivalents));
            const std::scoped_lock hold(mutex);
            counts[mutant.exercise].add(one);
        });
    }
    proof.workshop.run(std::move(pieces));
    Counts sum;
    for (const auto& [exercise, some] : counts) {
        sum.add(some);
        proof.tap.note(fmt::format("{}: {}; {}", exercise.text(), some.text(), some.rest()));
    }
    proof.tap.tell(sum.caught >= least_part_caught * (sum.caught + sum.survived),
                   fmt::format("lab {}: {}; {}", proof.trees.plan().lab, sum.text(), sum.rest()));
}

} // namespace grade
