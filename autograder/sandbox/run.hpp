// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// One run of a command from its start to the end of everything that it started.
/// Read next: supervisor.hpp.
#pragma once

#include "autograder/sandbox/bubblewrap.hpp"
#include "autograder/sandbox/capture.hpp"
#include "autograder/sandbox/cgroup.hpp"
#include "autograder/sandbox/disk.hpp"
#include "autograder/sandbox/processes.hpp"
#include "autograder/sandbox/supervisor.hpp"

#include <chrono>
#include <memory>
#include <optional>

namespace grade {

class SandboxRun {
public:
    /// All arguments must outlive it.
    /// @throws EnvironmentError
    SandboxRun(Sandbox::Kind kind, const Command& command, const View& view, const Limits& limits,
               const Observer& observer);

    /// Once. @throws EnvironmentError if the command could not be started
    Outcome finish();

private:
    using Clock = std::chrono::steady_clock;

    [[nodiscard]] Launch launch();
    void give_nonce(std::vector<int>& descriptors);
    [[nodiscard]] Limit limit_reached();
    [[nodiscard]] Limit limit_of_processes();
    void wait();
    void take_reports();
    [[nodiscard]] int status();
    [[nodiscard]] Limit limit_seen_afterwards(int signal);

    Sandbox::Kind kind_;
    const Command& command_;
    const View& view_;
    const Limits& limits_;
    const Observer& observer_;
    Capture out_, err_;
    std::optional<Cgroup> group_;
    DiskWatch disk_;
    Descriptor nothing_, nonce_, bwrap_report_, bwrap_input_;
    std::unique_ptr<ProcessTree> tree_ = std::make_unique<ProcessTree>();
    std::unique_ptr<Supervisor> supervisor_;
    Clock::time_point start_ = Clock::now(), next_look_ = start_;
    Limit limit_ = Limit::none;
    double cpu_seen_ = 0; ///< seconds
    std::optional<Report> refusal_;
    Report end_{}; ///< if ended_
    bool ended_ = false;
};

} // namespace grade
