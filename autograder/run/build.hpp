// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Building goals of a tree, in the sandbox.
/// Read next: work_tree.hpp, compiler_messages.hpp.
#pragma once

#include "autograder/run/compiler_messages.hpp"
#include "autograder/run/target.hpp"
#include "autograder/run/work_tree.hpp"
#include "autograder/sandbox/sandbox.hpp"

#include <memory>

namespace grade {

/// What this machine grades with.
struct Tools {
    std::filesystem::path emulator; ///< its folder, with bin/ and share/
    std::string toolchain = "llvm"; ///< make's TOOLCHAIN
    unsigned jobs = 2;
    bool debug = false; ///< make's DEBUG: what runs on the machine checks itself
    std::shared_ptr<const Target> target = nullptr; ///< null: the emulator

    /// "qemu", unless there is another one.
    [[nodiscard]] std::string target_name() const;
    /// Its version; empty if it is not used.
    [[nodiscard]] std::string emulator_name() const;
    /// make's PLATFORM.
    [[nodiscard]] std::string platform() const;
};

struct Build {
    bool succeeded = false;
    Limit limit = Limit::none;           ///< what stopped it
    std::vector<CompilerMessage> errors; ///< what compilers complained about
    std::string log;
};

/// Goals are built as far as that is possible: all errors of all files are found at once.
[[nodiscard]] Build build_goals(const Sandbox& sandbox, const WorkTree& tree, const Tools& tools,
                                const TestPlan& plan, std::span<const std::string> goals,
                                const std::stop_token& stop = {});

/// Where guest programs are, in the tree's build folder.
[[nodiscard]] std::filesystem::path guest_folder(const WorkTree& tree, const Tools& tools,
                                                 int cpus);

} // namespace grade
