// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Digests of files: FIPS 180-4's SHA-1, which git names contents by, and SHA-256.
/// Read next: source_tree.hpp.
#pragma once

#include <string>
#include <string_view>

namespace grade {

/// In lower-case hexadecimal digits.
[[nodiscard]] std::string sha1(std::string_view text);
[[nodiscard]] std::string sha256(std::string_view text);

/// What `git hash-object` says of a file with this content.
[[nodiscard]] std::string git_blob_id(std::string_view content);

} // namespace grade
