// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The files of a source tree: what git knows if its top folder is a checkout, else every file
/// outside folders named build.
/// Always holds: sorted by path; paths are relative to the top folder, with slashes.
/// Read next: exercise.hpp.
#pragma once

#include "autograder/source/stage_text.hpp"

#include <filesystem>
#include <stdexcept>
#include <string_view>
#include <vector>

namespace grade {

/// This machine does not allow what was asked: says what, and what mends it.
class EnvironmentError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

class SourceTree {
public:
    /// @throws EnvironmentError if the folder or a file cannot be read
    static SourceTree read(const std::filesystem::path& root);

    explicit SourceTree(std::vector<SourceFile> files);

    [[nodiscard]] const std::vector<SourceFile>& files() const { return files_; }
    /// Null if there is none.
    [[nodiscard]] const SourceFile* find(std::string_view path) const;

private:
    std::vector<SourceFile> files_;
};

} // namespace grade
