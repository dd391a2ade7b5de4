// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What is to be proved of each lab. Each proof tells its results one by one.
/// Read next: proofs.cpp, mutant_proofs.cpp, mechanical_proofs.cpp, attack_proofs.cpp.
#pragma once

#include "autograder/check/attacks.hpp"
#include "autograder/check/mutants.hpp"
#include "autograder/check/tap.hpp"
#include "autograder/check/trial.hpp"
#include "autograder/run/compiler.hpp"

namespace grade {

/// What a proof works with.
struct Proof {
    const LabTrees& trees;
    Workshop& workshop;
    Tap& tap;
};

/// The solution passes every test, twice, and says the same both times.
void prove_solution(const Proof& proof, const Bands& bands);

/// With the first k exercises done exactly the tests pass that need no others, for each of these k.
void prove_prefixes(const Proof& proof, std::span<const std::size_t> lengths);

/// Each mutant is caught by the test that it names, with the words that it names.
void prove_mutants(const Proof& proof, const std::vector<Mutant>& mutants);

/// The mutants that a machine makes of a lab's exercises, or a sample of them, in which there are
/// none that are said to be equivalent to the reference.
/// @param sample how many for each exercise; 0: all
/// @param seed which ones
[[nodiscard]] std::vector<Mutant> mechanical_mutants(const LabTrees& trees,
                                                     std::span<const Equivalent> equivalents,
                                                     std::size_t sample, std::uint64_t seed);

/// At least 90 % of these are caught by some test. Those that are said to be equivalent to the
/// reference do not count, and none is caught.
void prove_mechanical(const Proof& proof, std::span<const Equivalent> equivalents,
                      const std::vector<Mutant>& mutants);

/// None of these attacks on the lab gains a point.
void prove_attacks(const Proof& proof, std::span<const Attack> attacks, const Bands& bands,
                   const Compiler& compiler);

} // namespace grade
