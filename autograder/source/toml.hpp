// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// TOML files of a source tree. A mistake in one is a problem of the tree, with its line.
/// Read next: manifest.cpp.
#pragma once

#include "autograder/source/stage_text.hpp"

#include <optional>
#include <toml++/toml.h>

namespace grade {

inline int line_of(const toml::node& node) { return static_cast<int>(node.source().begin.line); }

[[nodiscard]] inline std::optional<toml::table> parse_toml(const SourceFile& file,
                                                           Problems& problems) {
    try {
        return toml::parse(file.content);
    } catch (const toml::parse_error& error) {
        problems.add(file.path, static_cast<int>(error.source().begin.line),
                     std::string(error.description()));
        return std::nullopt;
    }
}

} // namespace grade
