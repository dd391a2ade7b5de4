// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The root task from lab 5 on, as a whole: it starts programs and is their broker. Its thread
/// sleeps until a program makes a request, faults, or ends. A fault where a program's peer has
/// taken its memory away is mended: the thread goes on with a page of zeroes. Read next:
/// broker.hpp, async_main.cpp.
/// @stage{5}
#pragma once

#include "runtime/task.hpp"
#include "user/root/programs.hpp"

namespace root {

extern constinit Programs all_programs;

/// Faults that were mended.
extern constinit Word mended;

/// Something that the root task does besides.
using Beside = rt::Task<> (*)(rt::Frames frames);

/// Starts every program of an archive, and runs until all have ended. Answers the exit code.
int run(Bytes archive, Beside beside = nullptr);

} // namespace root
