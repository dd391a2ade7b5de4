// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The commands of rel4-grade, one a file in commands/. Each declares its options and hands over
/// what is to run.
/// Read next: main.cpp.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>

namespace grade {

/// What the program ends with. For commands that grade nothing `full` is success.
enum Status : int {
    full = 0,
    not_full = 1,
    build_error = 2,
    environment_error = 3,
    internal_error = 4,
};

/// Set by the command that was chosen.
using Run = std::function<Status()>;

void add_next_lab(CLI::App& app, Run& run);
void add_submit(CLI::App& app, Run& run);

void add_grade(CLI::App& app, Run& run);
void add_debug(CLI::App& app, Run& run);
/// @cond NONE
void add_check(CLI::App& app, Run& run);
void add_branches(CLI::App& app, Run& run);
void add_calibrate(CLI::App& app, Run& run);
void add_catch_up(CLI::App& app, Run& run);
void add_convert(CLI::App& app, Run& run);
void add_derive(CLI::App& app, Run& run);
void add_parity(CLI::App& app, Run& run);
void add_regrade(CLI::App& app, Run& run);
void add_report(CLI::App& app, Run& run);
void add_run(CLI::App& app, Run& run);
/// @endcond

} // namespace grade
