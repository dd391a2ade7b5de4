// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What stands in place of an exercise that is not done yet.
/// Read next: handouts/.
/// @stage{1}
#pragma once

// A hole uses none of its parameters, and none of the functions that its solution calls.
#pragma GCC diagnostic ignored "-Wunused-parameter"
#pragma GCC diagnostic ignored "-Wunused-function"

namespace lab {

/// Prints "not implemented: lab N exercise M" for exercise "N.M" and stops the machine.
[[noreturn]] void todo(const char* exercise);

} // namespace lab

/// The same for assembler.
extern "C" [[noreturn]] void lab_todo(const char* exercise);
