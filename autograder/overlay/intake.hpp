// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Opens what a student handed in: a folder, an archive, or a repository at one of its commits.
/// Only files that were asked for are kept, by their exact paths; all else is counted. Nothing is
/// written, no link is followed, nothing of the submission is run, and no repository's settings
/// hold but git's own.
/// Always holds: what is read of a file, of a submission, and the number of its members are
/// limited; a submission that is no good gives one sentence.
/// Read next: overlay.hpp.
#pragma once

#include "autograder/source/manifest.hpp"

#include <cstddef>
#include <expected>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

namespace grade {

struct IntakeLimits {
    std::size_t file_bytes = std::size_t{1} << 20;
    std::size_t kept_bytes = std::size_t{64} << 20;      ///< of files that are kept
    std::size_t unpacked_bytes = std::size_t{256} << 20; ///< of an archive, whatever is in it
    std::size_t archive_bytes = std::size_t{64} << 20;
    std::size_t members = 50'000;
};

struct Submission {
    std::map<std::string, std::string, std::less<>> files; ///< content as it was handed in, by path
    std::vector<std::string> warnings;
    std::string digest;      ///< SHA-256 of paths and contents of `files`
    std::optional<int> lab;  ///< what .stage.toml says, which is the student's word
    std::size_t ignored = 0; ///< how many files were not asked for
};

using Intake = std::expected<Submission, std::string>;

struct IntakeOrder {
    std::set<std::string, std::less<>> wanted; ///< paths from the top folder of the tree
    std::string answers; ///< one of them; no sign of a tree, nor is what it says of itself
    int lab = 0;         ///< to be graded; 0: any
    IntakeLimits limits;
};

/// The files of all exercises of these manifests, and what a tree says of itself: .stage.toml,
/// .catch-up.toml.
[[nodiscard]] std::set<std::string, std::less<>> files_of(std::span<const Manifest> manifests);

/// @param source a folder, or a .tar, .tar.gz, .tar.xz, .tar.zst or .zip; all may be within one
///     folder
[[nodiscard]] Intake take_in(const std::filesystem::path& source, const IntakeOrder& order);

/// @param repository a bare one or one with a work tree, on this machine
/// @param revision a commit, a branch or a tag
[[nodiscard]] Intake take_in_commit(const std::filesystem::path& repository,
                                    const std::string& revision, const IntakeOrder& order);

} // namespace grade
