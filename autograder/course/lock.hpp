// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// A file that one process at a time holds; the others wait. It is let go when its holder ends,
/// however that ends.
/// Read next: repository.hpp.
#pragma once

#include "autograder/source/source_tree.hpp"

#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <fmt/core.h>
#include <sys/file.h>
#include <unistd.h>

namespace grade {

class Lock {
public:
    explicit Lock(const std::filesystem::path& path)
        : descriptor_(open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666)) {
        if (descriptor_ < 0) {
            throw EnvironmentError(fmt::format("{} cannot be made", path.string()));
        }
        while (flock(descriptor_, LOCK_EX) != 0) {
            if (errno != EINTR) {
                throw EnvironmentError(fmt::format("{} cannot be locked", path.string()));
            }
        }
    }
    Lock(const Lock&) = delete;
    Lock& operator=(const Lock&) = delete;
    ~Lock() { close(descriptor_); }

private:
    int descriptor_;
};

} // namespace grade
