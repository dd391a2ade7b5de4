// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Mutants by hand.
#include "autograder/check/proofs.hpp"

#include <algorithm>

namespace grade {

namespace {

std::string first_error(const Trial& trial) {
    return trial.errors.empty() ? "it is not built"
                                : fmt::format("{}:{}: {}", trial.errors[0].file,
                                              trial.errors[0].line, trial.errors[0].text);
}

bool says(const TestRun& run, std::string_view words) {
    return std::ranges::any_of(
        run.messages, [words](const std::string& message) { return message.contains(words); });
}

void prove_mutant(const Proof& proof, Bench& bench, const std::vector<SourceFile>& solution,
                  const Mutant& mutant) {
    const LabTrees& trees = proof.trees;
    const auto files = with_file(solution, mutate(mutant, trees.solution(), trees.manifest()));
    const std::vector tests = {trees.plan().find(mutant.test)};
    const Trial trial = bench.run(files, tests, [&](const TestRun& run) {
        return run.verdict != TestRun::Verdict::passed && says(run, mutant.says);
    });
    std::vector<std::string> why;
    if (!trial.built) {
        why.push_back(first_error(trial));
    } else if (!trial.any_failed()) {
        why.push_back(fmt::format("{} passes", mutant.test));
    } else {
        bool is_said = false;
        for (const TestRun& run : trial.runs) {
            is_said = is_said || says(run, mutant.says);
            why.insert(why.end(), run.messages.begin(), run.messages.end());
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

} // namespace grade
