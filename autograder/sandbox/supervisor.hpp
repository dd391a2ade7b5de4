// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Starts one command under a process of its own, the supervisor, which is the reaper of all that
/// the command starts. It ends them when the command has ended, when it is told to, and when this
/// program is gone however that came about:
///
///     this program <== socket ==> supervisor --- command --- whatever it starts
///
/// A byte to the supervisor, or the end of the socket, is the order to end everything.
/// Read next: processes.hpp.
#pragma once

#include "autograder/sandbox/descriptor.hpp"

#include <cstdint>
#include <string>
#include <sys/types.h>
#include <vector>

namespace grade {

/// What is to be started, ready for execve(2). After the fork nothing can be allocated any more.
struct Launch {
    std::string program;
    std::vector<std::string> arguments, environment;
    std::string folder;              ///< empty: as it is
    std::vector<int> descriptors;    ///< become 0, 1, 2, ...: at most 16
    std::vector<int> entrances;      ///< of its control groups
    std::vector<std::string> groups; ///< folders to be removed in the end
    std::uint64_t file_size = 0;     ///< bytes
    std::uint64_t cpu = 0;           ///< seconds of one process
    std::uint64_t tasks = 0;         ///< of this user altogether; 0: as many as there may be
};

/// What a supervisor says, once or twice. The command is gone with everything at `ended`.
struct Report {
    enum class What : std::int32_t { not_started, ended };
    What what;
    std::int32_t status; ///< of wait(2); not_started: errno
    double cpu;          ///< seconds
};

class Supervisor {
public:
    /// @throws EnvironmentError if no process can be started
    explicit Supervisor(const Launch& launch);
    Supervisor(Supervisor&&) = delete;
    /// Ends everything and waits for it.
    ~Supervisor();

    /// Can be read when a report is there, and has an end when the supervisor is gone.
    [[nodiscard]] int reports() const { return socket_.number(); }
    [[nodiscard]] pid_t process() const { return process_; }
    /// Everything is to be ended now. `ended` still comes.
    void end();
    /// Called after `ended`: the control groups are removed and the supervisor is gone.
    void finish();

private:
    Descriptor socket_;
    pid_t process_ = -1;
};

} // namespace grade
