// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A control group for one run, where this machine lets us make one: the kernel itself then holds
/// memory and number of processes below their limits.
/// Always holds: every group has a name of its own. Who removes it: the supervisor, when all
/// processes in it are gone, so it is removed also if this program is killed.
/// Read next: supervisor.hpp; Linux: Documentation/admin-guide/cgroup-v2.rst and cgroup-v1/.
#pragma once

#include "autograder/sandbox/descriptor.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace grade {

class Cgroup {
public:
    /// True if groups with limits can be made; tried once.
    static bool available();

    /// @throws EnvironmentError if there is none although there could be
    Cgroup(std::uint64_t memory, unsigned processes);
    Cgroup(Cgroup&&) = delete;
    /// Removes it if nobody did and it is empty.
    ~Cgroup();

    /// A process joins by writing "0" to each of them.
    [[nodiscard]] std::vector<int> entrances() const;
    /// To be removed in the end.
    [[nodiscard]] const std::vector<std::string>& folders() const { return folders_; }

    /// Ends all that is in it. Only needed where there is no supervisor any more to do it.
    void end_all() const;

    /// True if the kernel ended a process for want of memory.
    [[nodiscard]] bool memory_exhausted() const;
    /// True if a process could not be started.
    [[nodiscard]] bool processes_exhausted() const;

private:
    void remove() const;
    [[nodiscard]] bool can_be_joined() const;

    std::vector<std::string> folders_;
    std::vector<Descriptor> entrances_;
    std::string memory_events_, processes_events_; ///< paths
};

/// Where groups can be made, from the text of /proc/self/cgroup and /proc/self/mountinfo.
struct CgroupPlaces {
    std::filesystem::path memory, processes; ///< version 1
    std::filesystem::path unified;           ///< version 2; empty: there is none

    static CgroupPlaces find(std::string_view cgroups, std::string_view mounts);
};

} // namespace grade
