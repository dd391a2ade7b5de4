// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What the commands that grade a class have in common: with what they grade, how a step is shown,
/// what they end with.
/// Read next: run.cpp, regrade.cpp.
#pragma once

#include "autograder/board/serial_target.hpp"
#include "autograder/class/class_run.hpp"
#include "autograder/command.hpp"

#include <algorithm>
#include <thread>

namespace grade {

struct GraderOptions {
    std::string root = ".";
    std::string work = "build/run";
    std::string emulator = "build/emulator";
    std::string toolchain = "llvm";
    std::string sandbox = "bwrap";
    bool is_unsafe = false;
    unsigned workers = std::max(std::thread::hardware_concurrency(), 1U);
    std::vector<std::string> targets = {"qemu"};
    BoardSettings board; ///< what all boards have in common

    /// @throws EnvironmentError if targets are named that are none
    [[nodiscard]] Tools tools() const;
};

void add_grader_options(CLI::App& command, GraderOptions& options);

/// @throws EnvironmentError if this machine has none that may be used
[[nodiscard]] Sandbox sandbox_of(const GraderOptions& options);

/// The starter that is graded on: its earlier labs are the reference's.
/// @throws EnvironmentError if the course breaks a rule
[[nodiscard]] SourceTree derive_starter(const std::string& root, int lab);

/// "[ 12/100]  ada   85/110   4.2 s"
void show(const ClassStep& step);

} // namespace grade
