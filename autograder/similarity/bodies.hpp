// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// What there is to compare in a tree: the bodies of a lab's exercises and the regions of helpers
/// in their files.
/// Always holds: nothing outside the tree is read, whatever links a submission holds, and no file
/// of more than a megabyte. Read next: similarity.hpp.
#pragma once

#include "autograder/similarity/similarity.hpp"
#include "autograder/source/stage_text.hpp"

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace grade {

/// A file in which none of the lab's marks are left is one body.
[[nodiscard]] std::vector<SourceBody> bodies_of(const SourceFile& file, int lab);

/// Of the tree at `root`; files that are not there are passed over.
[[nodiscard]] std::vector<SourceBody> read_bodies(const std::filesystem::path& root,
                                                  std::span<const std::string> files, int lab);

/// What students are given, with holes and skeletons, and what the reference has: `root` is the
/// course's source tree.
[[nodiscard]] std::vector<SourceBody>
read_known_bodies(const std::filesystem::path& root, std::span<const std::string> files, int lab);

} // namespace grade
