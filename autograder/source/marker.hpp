// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// The file .stage.toml of a tree that students get: which lab it is of, the digest of all files
/// as they were given out, and of each file the name of its content in git, which tells what it was
/// whatever became of it.
/// Always holds: the same files give the same digest, in whatever order they are named.
/// Read next: source_tree.hpp.
#pragma once

#include "autograder/source/stage_text.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace grade {

struct Marker {
    static constexpr const char* path = ".stage.toml";

    int lab = 0;
    std::string kind;   ///< "starter" or "solution"
    std::string digest; ///< digest_of() all other files
    std::string files;  ///< the tables of files; not read again

    /// @param files all but the marker's own
    [[nodiscard]] static Marker of(std::span<const SourceFile> files, int lab, std::string kind);
    [[nodiscard]] static std::optional<Marker> parse(const SourceFile& file);
    /// Which lab a marker's text speaks of, whatever else is in it.
    [[nodiscard]] static std::optional<int> lab_of(std::string_view text);
    [[nodiscard]] std::string text() const;
};

/// 16 hexadecimal digits (FNV-1a of paths and contents): against mistakes, not against malice.
[[nodiscard]] std::string digest_of(std::span<const SourceFile> files);

} // namespace grade
