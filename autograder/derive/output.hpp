// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Writing a derived tree to a folder. All is written to a new folder beside it, which takes its
/// name at the end: a run that is interrupted changes nothing and leaves nothing (one that is
/// killed may leave a folder .NAME.new-...).
/// Always holds: work is never overwritten. A folder is replaced only if it is empty, or if it is
/// as a run before left it, which a digest in its file .stage.toml tells (folders named build,
/// which make fills, are not counted); or if that was asked for.
/// Read next: ../main.cpp.
#pragma once

#include "autograder/derive/tree.hpp"
#include "autograder/source/source_tree.hpp"

#include <filesystem>
#include <span>

namespace grade {

struct Destination {
    std::filesystem::path folder;
    bool replace_anything = false; ///< --force
};

/// @param root the source tree, which is never replaced
/// @throws EnvironmentError and filesystem_error if it cannot or must not be written
void write_tree(std::span<const StageText> tree, int lab, Kind kind,
                const std::filesystem::path& root, const Destination& destination);

} // namespace grade
