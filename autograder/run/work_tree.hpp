// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The folder in which trees are built, one after the other. Files that stay the same are not
/// touched, so only what changed is built again.
/// Always holds: while a WorkTree lives, no other process has one of the same folder.
/// Read next: build.hpp.
#pragma once

#include "autograder/source/stage_text.hpp"

#include <filesystem>
#include <span>

namespace grade {

class WorkTree {
public:
    /// Waits until it is free.
    /// @throws EnvironmentError if the folder cannot be made or written
    explicit WorkTree(const std::filesystem::path& folder);
    WorkTree(const WorkTree&) = delete;
    WorkTree& operator=(const WorkTree&) = delete;
    ~WorkTree();

    [[nodiscard]] const std::filesystem::path& path() const { return tree_; }
    /// Where make puts what it builds. Kept by sync().
    [[nodiscard]] std::filesystem::path build() const { return tree_ / "build"; }

    /// Makes it hold these files and no others.
    /// @throws EnvironmentError if one cannot be written
    void sync(std::span<const SourceFile> files);
    /// Takes over what another tree holds and what was built in it, if nothing was built here.
    void take_build_of(const WorkTree& other);

private:
    std::filesystem::path tree_;
    int lock_;
};

} // namespace grade
