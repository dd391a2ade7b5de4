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
    std::vector<std::string> bundles; ///< that were given to students who catch up
    unsigned workers = std::max(std::thread::hardware_concurrency(), 1U);
    std::vector<std::string> targets = {"qemu"};
    BoardSettings board; ///< what all boards have in common

    /// @throws EnvironmentError if targets are named that are none
    [[nodiscard]] Tools tools() const;
};

void add_grader_options(CLI::App& command, GraderOptions& options);

/// @param submissions that are to be graded
/// @throws EnvironmentError if this machine has none that may be used
[[nodiscard]] Sandbox sandbox_of(const GraderOptions& options, std::size_t submissions);

/// Why a command may not take the machine that it runs on for a sandbox; nothing if it may.
/// @param root of the file system
[[nodiscard]] std::optional<std::string> obstacle_of_container(std::size_t submissions,
                                                               const std::filesystem::path& root);

/// The lab on its starter, whose earlier labs are the reference's, with what was given out.
/// @throws EnvironmentError if the course breaks a rule
[[nodiscard]] Lab make_lab(const GraderOptions& options, int lab, std::string_view target);

/// "[ 12/100]  ada   85/110   4.2 s"
void show(const ClassStep& step);

} // namespace grade
