// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Wrong bodies that a machine makes: one operator, constant or condition of the reference is
/// another one, one statement is left out, or two are exchanged; in assembler an instruction is
/// left out. Always holds: the same body gives the same mutants in the same order. Some do not
/// compile, and some are no mistakes at all: who uses them must sort those out. Read next:
/// mutants.hpp.
#pragma once

#include "autograder/check/mutants.hpp"

namespace grade {

/// All mutants of an exercise.
[[nodiscard]] std::vector<Mutant> mechanical_mutants(const Place& place);

/// The file of the exercise with that mutant; `replace` and `with` are whole bodies.
[[nodiscard]] SourceFile apply(const Mutant& mutant, const Place& place);

} // namespace grade
