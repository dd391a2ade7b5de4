// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The processes below one, as /proc knows them: what they use, and how all of them are ended.
/// Always holds: nothing here but usage() allocates or locks, so a forked child of a program with
/// several threads may call it; no process outside the tree gets a signal.
/// Read next: supervisor.hpp.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <sys/types.h>

namespace grade {

/// What living processes use now. Time is theirs and that of children they waited for.
struct Usage {
    double cpu = 0;           ///< seconds
    std::uint64_t memory = 0; ///< bytes in RAM that are not those of files on a disk
    unsigned tasks = 0;       ///< threads
};

/// Large: not for the stack.
class ProcessTree {
public:
    /// Finds all processes below `root`, parents before their children. Those that start
    /// meanwhile may be missed; of more than the capacity, the rest is.
    void scan(pid_t root);

    [[nodiscard]] std::size_t size() const { return size_; }
    [[nodiscard]] Usage usage() const;

    /// Ends and waits for every process below the calling one, which must be the subreaper of
    /// them all and have SIGCHLD blocked.
    void end_all();

private:
    struct Entry {
        pid_t process, parent;
    };

    void add_children(pid_t process);
    void add_children_of_thread(pid_t process, pid_t thread);
    void signal_all(int signal) const;

    std::array<Entry, 32768> entries_{};
    std::size_t size_ = 0;
};

/// False on a kernel without /proc/PID/task/TID/children, where no tree can be found.
bool process_trees_can_be_found();

} // namespace grade
