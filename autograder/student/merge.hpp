// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Two ways of changing one text, brought together by git's three-way merge, and a change as a
/// patch for `git apply`. Neither needs a repository.
/// Read next: carry.hpp.
#pragma once

#include <optional>
#include <string>

namespace grade {

/// Nothing if both changed the same place, or if it is no text.
[[nodiscard]] std::optional<std::string> merge(const std::string& base, const std::string& mine,
                                               const std::string& theirs);

[[nodiscard]] std::string difference(const std::string& path, const std::string& before,
                                     const std::string& after);

} // namespace grade
