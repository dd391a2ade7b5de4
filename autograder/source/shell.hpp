// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Commands of this machine whose output is read.
/// Read next: source_tree.hpp.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

namespace grade {

/// One word for the shell, whatever is in it but zero bytes.
[[nodiscard]] std::string shell_quoted(const std::string& text);

/// What a command writes; nothing if it fails, or if that is more than `most` bytes.
/// @throws EnvironmentError if no process can be started
[[nodiscard]] std::optional<std::string> output_of_limited(const std::string& command,
                                                           std::size_t most);

} // namespace grade
