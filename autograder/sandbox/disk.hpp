// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// How much the folders grow that a command may write. They are looked through now and then, so
/// more than the limit can be written before that is seen: as much as fits into one look.
/// Read next: run.cpp.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <vector>

namespace grade {

class DiskWatch {
public:
    /// Growth counts from now.
    DiskWatch(std::vector<std::filesystem::path> folders, std::uint64_t limit);

    /// True if more was written than allowed. Looks if the last look is long enough ago: at least
    /// 200 ms, and ten times as long as it took.
    bool exceeded();
    /// The same when the command is gone, looking now. A file as large as one may be counts too.
    /// Takes the set-user-ID and set-group-ID bits from files: outside they would mean something.
    bool exceeded_in_the_end();

private:
    struct Sizes {
        std::uint64_t all = 0;     ///< bytes on the disk; a file or folder is at least 4 KiB
        std::uint64_t largest = 0; ///< as its reader sees it
    };
    [[nodiscard]] Sizes look(bool in_the_end = false) const;

    std::vector<std::filesystem::path> folders_;
    std::uint64_t limit_;
    Sizes before_;
    std::chrono::steady_clock::time_point next_;
};

} // namespace grade
