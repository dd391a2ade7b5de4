// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Files as a .tar.gz.
/// Always holds: the same files give the same bytes; it says nothing of who made it, and when.
/// Read next: submit.hpp.
#pragma once

#include "autograder/source/stage_text.hpp"

#include <span>
#include <string>

namespace grade {

/// @pre paths have at most 100 bytes
[[nodiscard]] std::string tar_gz(std::span<const SourceFile> files);

} // namespace grade
