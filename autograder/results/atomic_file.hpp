// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Files that are there whole or not at all: written beside under another name, brought to the
/// disk, renamed. Who reads meanwhile, or after a crash, finds the old file or the new one.
/// Always holds: a failure leaves the old file and nothing beside it, and says what mends it.
/// Read next: result.hpp.
#pragma once

#include <cstddef>
#include <expected>
#include <filesystem>
#include <string>
#include <string_view>

namespace grade {

/// Makes the folders that are missing. @throws EnvironmentError
void write_file(const std::filesystem::path& path, std::string_view content);

/// A regular file of at most `limit` bytes, else what is wrong, beginning with the path.
[[nodiscard]] std::expected<std::string, std::string> read_file(const std::filesystem::path& path,
                                                                std::size_t limit = 64U << 20U);

/// What to say of a file that could not be written; `error` is an errno.
[[nodiscard]] std::string why_not_written(const std::filesystem::path& path, int error);

} // namespace grade
