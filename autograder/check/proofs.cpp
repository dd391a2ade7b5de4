// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Solutions and prefixes.
#include "autograder/check/proofs.hpp"

#include <algorithm>

namespace grade {

namespace {

std::vector<const PlannedTest*> pointers_to(const std::vector<PlannedTest>& tests) {
    std::vector<const PlannedTest*> pointers;
    pointers.reserve(tests.size());
    for (const PlannedTest& test : tests) {
        pointers.push_back(&test);
    }
    return pointers;
}

std::vector<std::string> why_not_built(const Trial& trial) {
    std::vector<std::string> why;
    why.reserve(trial.errors.size());
    for (const CompilerMessage& error : trial.errors) {
        why.push_back(fmt::format("{}:{}: {}", error.file, error.line, error.text));
    }
    if (why.empty()) {
        why.push_back(
            trial.log.substr(trial.log.size() - std::min<std::size_t>(trial.log.size(), 2000)));
    }
    return why;
}

std::string name_of(const Proof& proof, std::string_view what) {
    return fmt::format("lab {}: {}", proof.trees.plan().lab, what);
}

std::vector<std::string> lines_of(const TestRun& run) {
    std::vector<std::string> lines = {fmt::format("{} with seed {}: verdict {}", run.id, run.seed,
                                                  static_cast<int>(run.verdict))};
    lines.insert(lines.end(), run.messages.begin(), run.messages.end());
    return lines;
}

/// What is the same in two runs with the same seed.
bool is_same(const TestRun& first, const TestRun& second) {
    return first.id == second.id && first.seed == second.seed && first.verdict == second.verdict &&
           first.value == second.value && first.messages == second.messages;
}

/// Some host tests may only be as fast as this machine; values of machine tests are exact.
void tell_runs(const Proof& proof, const Trial& trial, const Bands& bands) {
    for (const PlannedTest& test : proof.trees.plan().tests) {
        std::vector<std::string> why;
        double part = 1;
        std::uint64_t worst = 0;
        for (const TestRun& run : trial.runs) {
            if (run.id == test.id && run.verdict != TestRun::Verdict::passed) {
                const auto lines = lines_of(run);
                why.insert(why.end(), lines.begin(), lines.end());
            }
            worst = run.id == test.id ? std::max(worst, run.value.value_or(0)) : worst;
        }
        if (test.perf) {
            const auto band = bands.find(test.id);
            part = band ? band->part(worst) : 0;
            why.push_back(fmt::format("value {}, worth {:.2f}", worst, part));
        }
        proof.tap.tell(trial.all_passed(test.id) && part >= 1,
                       name_of(proof, fmt::format("solution passes {}", test.id)), why);
    }
}

bool needs_only(const PlannedTest& test, const std::set<ExerciseId>& done) {
    return std::ranges::all_of(test.needs,
                               [&](ExerciseId needed) { return done.contains(needed); });
}

/// The tests of a prefix. A hole stops whatever comes to it, with every seed: of tests that must
/// fail one is enough.
std::vector<PlannedTest> tests_with(const TestPlan& plan, const std::set<ExerciseId>& done) {
    std::vector<PlannedTest> tests = plan.tests;
    for (PlannedTest& test : tests) {
        test.seeds = needs_only(test, done) ? test.seeds : 1;
    }
    return tests;
}

void prove_prefix(const Proof& proof, Bench& bench, std::size_t length) {
    const LabTrees& trees = proof.trees;
    std::set<ExerciseId> done;
    for (const ManifestExercise& exercise : trees.manifest().exercises) {
        if (done.size() < length) {
            done.insert(exercise.id);
        }
    }
    const std::vector<PlannedTest> tests = tests_with(trees.plan(), done);
    const Trial trial = bench.run(trees.tree_with(done), pointers_to(tests), never);
    std::vector<std::string> why;
    if (!trial.built) {
        why = why_not_built(trial);
    }
    for (const PlannedTest& test : tests) {
        const bool should = needs_only(test, done);
        if (trial.all_passed(test.id) != should) {
            why.push_back(fmt::format("{} {}", test.id,
                                      should ? "fails, but its exercises are done"
                                             : "passes, but not all its exercises are done"));
            for (const TestRun& run : trial.runs) {
                if (should && run.id == test.id) {
                    const auto lines = lines_of(run);
                    why.insert(why.end(), lines.begin(), lines.end());
                }
            }
        }
    }
    const std::string what =
        length == 0 ? "the starter" : fmt::format("the first {} exercises", length);
    proof.tap.tell(why.empty(),
                   name_of(proof, fmt::format("{} pass exactly what is declared ({:.1f} s)", what,
                                              trial.seconds)),
                   why);
}

} // namespace

void prove_solution(const Proof& proof, const Bands& bands) {
    const auto files = proof.trees.tree_with(proof.trees.exercises());
    const auto tests = pointers_to(proof.trees.plan().tests);
    proof.workshop.run({[&](Bench& bench) {
        const Trial first = bench.run(files, tests, never);
        proof.tap.tell(first.built, name_of(proof, "solution is built"),
                       first.built ? std::vector<std::string>() : why_not_built(first));
        if (!first.built) {
            return;
        }
        tell_runs(proof, first, bands);
        const Trial second = bench.run(files, tests, never);
        proof.tap.tell(std::ranges::equal(first.runs, second.runs, is_same),
                       name_of(proof, "a second run is the same"));
        proof.tap.note(name_of(
            proof, fmt::format("solution: {:.1f} s and {:.1f} s", first.seconds, second.seconds)));
    }});
}

void prove_prefixes(const Proof& proof, std::span<const std::size_t> lengths) {
    std::vector<Workshop::Work> pieces;
    for (const std::size_t length : lengths) {
        pieces.emplace_back([&, length](Bench& bench) { prove_prefix(proof, bench, length); });
    }
    proof.workshop.run(std::move(pieces));
}

} // namespace grade
